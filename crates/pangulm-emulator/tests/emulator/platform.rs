//! An emulator and the means to call it.

use pangulm_emulator::{Emulator, Info, Options, Running};
use pangulm_signer::{
    Payload, SecretKey, SigningDate, SigningKey, SigningOptions, SigningRequest, sign,
};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};

/// Names and values.
type Pairs<'a> = &'a [(&'a str, &'a str)];

pub(crate) struct Platform {
    pub(crate) running: Running,
    pub(crate) http: Client,
}

impl Platform {
    pub(crate) fn start() -> Self {
        Self::with(Options::default())
    }

    pub(crate) fn with(options: Options) -> Self {
        let http = Client::builder().no_proxy().build().unwrap();
        Self {
            running: Emulator::start(options).unwrap(),
            http,
        }
    }

    pub(crate) fn info(&self) -> &Info {
        &self.running.info
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.info().url)
    }

    pub(crate) fn deployment(&self) -> String {
        let info = self.info();
        format!("/v1/{}/deployments/{}", info.project_id, info.deployment_id)
    }

    pub(crate) fn chat_path(&self) -> String {
        format!("{}/chat/completions", self.deployment())
    }

    /// A V1 chat with the API key.
    pub(crate) fn v1(&self, body: Value) -> RequestBuilder {
        let post = self.http.post(self.url(&self.chat_path()));
        post.header("x-apig-appcode", &self.info().api_key)
            .json(&body)
    }

    /// A V2 chat with the API key and the emulator's model.
    pub(crate) fn v2(&self, mut body: Value) -> RequestBuilder {
        if body.get("model").is_none() {
            body["model"] = json!(self.info().model);
        }
        let post = self.http.post(self.url("/api/v2/chat/completions"));
        post.bearer_auth(&self.info().api_key).json(&body)
    }

    /// The deployments of the models that share a path, by operation.
    pub(crate) async fn deployments(&self) -> Value {
        let answer = self.http.get(self.url("/_emulator/info")).send().await;
        json_of(answer.unwrap()).await["deployments"].take()
    }

    /// A call of a deployed model with the API key, as the spec describes it.
    pub(crate) async fn model(&self, operation: &str, body: &Value) -> RequestBuilder {
        let documents = pangulm_openapi::documents().unwrap();
        let mut operations = documents.iter().flat_map(|it| it.operations().unwrap());
        let path = operations.find(|it| it.id == operation).unwrap().path;
        let deployment = &self.deployments().await[operation];
        let path = path
            .replace("{project_id}", &self.info().project_id)
            .replace("{deployment_id}", deployment.as_str().unwrap());
        let post = self.http.post(self.url(&path));
        post.header("x-apig-appcode", &self.info().api_key)
            .json(body)
    }

    pub(crate) fn count(&self, body: Value) -> RequestBuilder {
        let post = self
            .http
            .post(self.url(&format!("{}/caltokens", self.deployment())));
        post.header("x-apig-appcode", &self.info().api_key)
            .json(&body)
    }

    pub(crate) fn login(&self, password: &str, scope: Value) -> RequestBuilder {
        let iam = &self.info().iam;
        let user = json!({
            "name": iam.user, "password": password, "domain": {"name": iam.domain},
        });
        let identity = json!({"methods": ["password"], "password": {"user": user}});
        let body = json!({"auth": {"identity": identity, "scope": scope}});
        self.http.post(self.url("/v3/auth/tokens")).json(&body)
    }

    pub(crate) async fn token(&self) -> String {
        let scope = json!({"project": {"name": self.info().region}});
        let answer = self
            .login(&self.info().iam.password, scope)
            .send()
            .await
            .unwrap();
        answer.headers()["x-subject-token"]
            .to_str()
            .unwrap()
            .to_owned()
    }

    /// A request signed at `unix_seconds` with this secret.
    pub(crate) fn signed(
        &self,
        target: (Method, &str),
        query: &[(&str, &str)],
        body: &[u8],
        secret: &str,
        unix_seconds: u64,
    ) -> RequestBuilder {
        let key = (self.info().access_key_id.as_str(), secret);
        self.signed_by(key, target, (query, &[]), body, unix_seconds)
    }

    /// A request with these query pairs and headers, signed with this id and secret.
    pub(crate) fn signed_by(
        &self,
        (id, secret): (&str, &str),
        (method, path): (Method, &str),
        (query, headers): (Pairs<'_>, Pairs<'_>),
        body: &[u8],
        unix_seconds: u64,
    ) -> RequestBuilder {
        let host = self.info().url.strip_prefix("http://").unwrap().to_owned();
        let request = SigningRequest {
            method: method.as_str(),
            host: &host,
            path,
            query,
            headers,
            payload: Payload::Bytes(body),
        };
        let secret = SecretKey::from(secret.to_owned());
        let key = SigningKey::new(id.to_owned(), &secret).unwrap();
        let date = SigningDate::from_unix_seconds(unix_seconds).unwrap();
        let signed = sign(&request, &SigningOptions::default(), &key, date).unwrap();
        let mut url = reqwest::Url::parse(&self.url(path)).unwrap();
        if !query.is_empty() {
            url.set_query(Some(&pangulm_signer::canonical_query(query)));
        }
        let mut request = self.http.request(method, url).body(body.to_vec());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        for (name, value) in signed.headers() {
            request = request.header(name, value);
        }
        request
    }

    pub(crate) async fn admin(&self, name: &str, body: Value) -> Value {
        let post = self
            .http
            .post(self.url(&format!("/_emulator/{name}")))
            .json(&body);
        json_of(post.send().await.unwrap()).await
    }

    /// The recorded requests that carried this key.
    pub(crate) async fn recorded(&self, key: &str) -> Vec<Value> {
        let url = self.url(&format!("/_emulator/requests?key={key}"));
        let answer = json_of(self.http.get(url).send().await.unwrap()).await;
        answer["requests"].as_array().unwrap().clone()
    }
}

pub(crate) fn now() -> u64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

pub(crate) fn ask(question: &str) -> Value {
    json!({"messages": [{"role": "user", "content": question}]})
}

pub(crate) fn ask_stream(question: &str) -> Value {
    let mut body = ask(question);
    body["stream"] = json!(true);
    body
}

pub(crate) async fn json_of(answer: Response) -> Value {
    serde_json::from_str(&answer.text().await.unwrap()).unwrap()
}

/// Status and body of an answer.
pub(crate) async fn outcome(request: RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), json_of(answer).await)
}

/// The chunks of a stream that ends as it should.
pub(crate) async fn chunks(request: RequestBuilder, prefix: &str) -> Vec<Value> {
    let text = request.send().await.unwrap().text().await.unwrap();
    let mut data: Vec<&str> = text
        .split_terminator("\n\n")
        .map(|event| {
            event
                .strip_prefix(prefix)
                .unwrap_or_else(|| panic!("{event:?}"))
        })
        .collect();
    assert_eq!(data.pop(), Some("[DONE]"));
    data.into_iter()
        .map(|data| serde_json::from_str(data).unwrap())
        .collect()
}

/// What arrives of a body, and whether its end was a clean one.
pub(crate) async fn arrived(mut answer: Response) -> (String, bool) {
    let mut bytes = Vec::new();
    loop {
        match answer.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => return (String::from_utf8(bytes).unwrap(), true),
            Err(_) => return (String::from_utf8(bytes).unwrap(), false),
        }
    }
}

/// The increments of the member `name` of all chunks, joined.
pub(crate) fn joined(chunks: &[Value], increment: &str, name: &str) -> String {
    let texts = chunks
        .iter()
        .filter_map(|chunk| chunk["choices"][0][increment][name].as_str());
    texts.collect()
}
