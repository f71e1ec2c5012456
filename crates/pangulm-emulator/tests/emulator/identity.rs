//! Users, groups, permissions and access keys, and what they decide.

use pangulm_openapi::Part;
use reqwest::Method;
use serde_json::{Value, json};

use crate::platform::{Platform, ask, now, outcome};
use crate::spec::assert_fits;

/// The account's administration, by the owner's token.
struct Desk<'a> {
    platform: &'a Platform,
    token: String,
}

impl<'a> Desk<'a> {
    async fn open(platform: &'a Platform) -> Self {
        let token = platform.token().await;
        Self { platform, token }
    }

    /// Status and body of a call; nothing is null.
    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let url = self.platform.url(path);
        let mut request = self.platform.http.request(method, url);
        request = request.header("x-auth-token", &self.token);
        if let Some(body) = &body {
            request = request.json(body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or_default())
    }

    /// A call that succeeds with an answer that fits the spec.
    async fn fits(&self, id: &str, method: Method, path: &str, body: Option<Value>) -> Value {
        if let Some(body) = &body {
            assert_fits(id, Part::Request, body);
        }
        let (status, answer) = self.call(method, path, body).await;
        assert!((200..300).contains(&status), "{id}: {status} {answer}");
        assert_fits(id, Part::Response, &answer);
        assert_eq!(answer["x_emulated"], true, "{id}");
        answer
    }

    async fn done(&self, method: Method, path: &str, body: Option<Value>) {
        let (status, answer) = self.call(method, path, body).await;
        assert_eq!((status, &answer), (204, &Value::Null), "{path}");
    }

    async fn user(&self) -> String {
        let domain = &self.platform.info().iam.domain_id;
        let user = json!({"user": {
            "name": "colleague", "password": "pass-1", "domain_id": domain, "email": "a@b.example",
        }});
        let made = self
            .fits(
                "createUser",
                Method::POST,
                "/v3.0/OS-USER/users",
                Some(user),
            )
            .await;
        made["user"]["id"].as_str().unwrap().to_owned()
    }

    async fn group(&self) -> String {
        let group = json!({"group": {"name": "pangu-users"}});
        let made = self
            .fits("createGroup", Method::POST, "/v3/groups", Some(group))
            .await;
        made["group"]["id"].as_str().unwrap().to_owned()
    }

    async fn role(&self, display_name: &str) -> String {
        let path = format!(
            "/v3/roles?display_name={}",
            display_name.replace(' ', "%20")
        );
        let roles = self.fits("listPermissions", Method::GET, &path, None).await;
        assert_eq!(roles["total_number"], 1);
        roles["roles"][0]["id"].as_str().unwrap().to_owned()
    }

    /// A user in a group with this permission on the project; the user's and the group's id.
    async fn colleague(&self, display_name: &str) -> (String, String) {
        let (user, group) = (self.user().await, self.group().await);
        let role = self.role(display_name).await;
        self.done(
            Method::PUT,
            &format!("/v3/groups/{group}/users/{user}"),
            None,
        )
        .await;
        let project = &self.platform.info().project_id;
        let grant = format!("/v3/projects/{project}/groups/{group}/roles/{role}");
        self.done(Method::PUT, &grant, None).await;
        (user, group)
    }
}

/// A token of the user that the tests make.
async fn login(platform: &Platform, password: &str) -> Result<String, u16> {
    let domain = &platform.info().iam.domain;
    let user = json!({"name": "colleague", "password": password, "domain": {"name": domain}});
    let identity = json!({"methods": ["password"], "password": {"user": user}});
    let scope = json!({"project": {"id": platform.info().project_id}});
    let body = json!({"auth": {"identity": identity, "scope": scope}});
    let post = platform.http.post(platform.url("/v3/auth/tokens"));
    let answer = post.json(&body).send().await.unwrap();
    match answer.headers().get("x-subject-token") {
        Some(token) => Ok(token.to_str().unwrap().to_owned()),
        None => Err(answer.status().as_u16()),
    }
}

async fn chat(platform: &Platform, token: &str) -> (u16, Value) {
    let post = platform.http.post(platform.url(&platform.chat_path()));
    outcome(post.header("x-auth-token", token).json(&ask("hi"))).await
}

#[tokio::test]
async fn a_user_may_call_models_once_its_group_may() {
    let platform = Platform::start();
    let desk = Desk::open(&platform).await;
    let user = desk.user().await;
    let token = login(&platform, "pass-1").await.unwrap();
    let (status, answer) = chat(&platform, &token).await;
    assert_eq!(
        (status, &answer["error_code"]),
        (403, &json!("EMULATOR.PERMISSION"))
    );

    let group = desk.group().await;
    let role = desk.role("Tenant Administrator").await;
    let project = &platform.info().project_id;
    let grant = format!("/v3/projects/{project}/groups/{group}/roles/{role}");
    desk.done(Method::PUT, &grant, None).await;
    let membership = format!("/v3/groups/{group}/users/{user}");
    desk.done(Method::PUT, &membership, None).await;
    // The change has ended the token.
    let (status, answer) = chat(&platform, &token).await;
    assert_eq!(status, 401);
    assert!(
        answer["error_msg"]
            .as_str()
            .unwrap()
            .ends_with("The token must be updated")
    );
    let token = login(&platform, "pass-1").await.unwrap();
    assert_eq!(chat(&platform, &token).await.0, 200);

    desk.done(Method::DELETE, &membership, None).await;
    let token = login(&platform, "pass-1").await.unwrap();
    assert_eq!(chat(&platform, &token).await.0, 403);
    desk.done(Method::PUT, &membership, None).await;
    desk.done(Method::DELETE, &grant, None).await;
    let token = login(&platform, "pass-1").await.unwrap();
    assert_eq!(chat(&platform, &token).await.0, 403);
}

#[tokio::test]
async fn an_access_key_signs_until_it_is_put_out_of_use_or_deleted() {
    let platform = Platform::start();
    let desk = Desk::open(&platform).await;
    let (user, _) = desk.colleague("Tenant Administrator").await;
    let keys = "/v3.0/OS-CREDENTIAL/credentials";
    let ask_for = json!({"credential": {"user_id": user, "description": "laptop"}});
    let made = desk
        .fits("createAccessKey", Method::POST, keys, Some(ask_for.clone()))
        .await;
    let text = |name: &str| made["credential"][name].as_str().unwrap().to_owned();
    let (id, secret) = (text("access"), text("secret"));
    let body = ask("hi").to_string();
    let chat = || {
        let target = (Method::POST, platform.chat_path());
        let target = (target.0, target.1.as_str());
        let key = (id.as_str(), secret.as_str());
        outcome(platform.signed_by(key, target, (&[], &[]), body.as_bytes(), now()))
    };
    assert_eq!(chat().await.0, 200);
    let one = format!("{keys}/{id}");
    let shown = desk.fits("showAccessKey", Method::GET, &one, None).await;
    assert!(shown["credential"]["last_use_time"].is_string());
    assert_eq!(shown["credential"].get("secret"), None);

    let off = json!({"credential": {"status": "inactive"}});
    desk.fits("updateAccessKey", Method::PUT, &one, Some(off))
        .await;
    let (status, answer) = chat().await;
    assert_eq!(status, 401);
    assert!(
        answer["error_msg"]
            .as_str()
            .unwrap()
            .ends_with("Get secretKey failed")
    );
    let on = json!({"credential": {"status": "active"}});
    desk.fits("updateAccessKey", Method::PUT, &one, Some(on))
        .await;
    assert_eq!(chat().await.0, 200);

    desk.fits("createAccessKey", Method::POST, keys, Some(ask_for.clone()))
        .await;
    assert_eq!(desk.call(Method::POST, keys, Some(ask_for)).await.0, 400);
    let listed = desk
        .fits(
            "listAccessKeys",
            Method::GET,
            &format!("{keys}?user_id={user}"),
            None,
        )
        .await;
    assert_eq!(listed["credentials"].as_array().unwrap().len(), 2);
    assert!(!listed.to_string().contains(&secret));
    desk.done(Method::DELETE, &one, None).await;
    assert_eq!(chat().await.0, 401);
}

#[tokio::test]
async fn who_may_not_manage_iam_sees_itself_alone() {
    let platform = Platform::start();
    let desk = Desk::open(&platform).await;
    let (user, group) = desk.colleague("Tenant Administrator").await;
    let own = Desk {
        platform: &platform,
        token: login(&platform, "pass-1").await.unwrap(),
    };
    for path in ["/v3/users".to_owned(), format!("/v3/groups/{group}")] {
        assert_eq!(own.call(Method::GET, &path, None).await.0, 403, "{path}");
    }
    own.fits(
        "showKeystoneUser",
        Method::GET,
        &format!("/v3/users/{user}"),
        None,
    )
    .await;
    own.fits(
        "listGroupsOfUser",
        Method::GET,
        &format!("/v3/users/{user}/groups"),
        None,
    )
    .await;
    own.fits(
        "listProjectsOfUser",
        Method::GET,
        &format!("/v3/users/{user}/projects"),
        None,
    )
    .await;
    own.fits("listOwnProjects", Method::GET, "/v3/auth/projects", None)
        .await;

    let role = desk.role("Security Administrator").await;
    let domain = &platform.info().iam.domain_id;
    let grant = format!("/v3/domains/{domain}/groups/{group}/roles/{role}");
    desk.done(Method::PUT, &grant, None).await;
    let own = Desk {
        platform: &platform,
        token: login(&platform, "pass-1").await.unwrap(),
    };
    let users = own.fits("listUsers", Method::GET, "/v3/users", None).await;
    assert_eq!(users["users"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_password_can_be_changed_and_a_user_shut_out() {
    let platform = Platform::start();
    let desk = Desk::open(&platform).await;
    let (user, _) = desk.colleague("Tenant Administrator").await;
    let own = Desk {
        platform: &platform,
        token: login(&platform, "pass-1").await.unwrap(),
    };
    let path = format!("/v3/users/{user}/password");
    let change = |old: &str| json!({"user": {"password": "pass-2", "original_password": old}});
    assert_eq!(
        own.call(Method::POST, &path, Some(change("guess"))).await.0,
        401
    );
    own.done(Method::POST, &path, Some(change("pass-1"))).await;
    assert_eq!(login(&platform, "pass-1").await, Err(401));
    let token = login(&platform, "pass-2").await.unwrap();
    let one = format!("/v3/users/{user}");
    let off = json!({"user": {"enabled": false}});
    desk.fits("updateKeystoneUser", Method::PATCH, &one, Some(off))
        .await;
    assert_eq!(chat(&platform, &token).await.0, 401);
    assert_eq!(login(&platform, "pass-2").await, Err(401));
    let on = json!({"user": {"enabled": true, "password": "pass-3"}});
    let detailed = format!("/v3.0/OS-USER/users/{user}");
    let changed = desk
        .fits("updateUser", Method::PUT, &detailed, Some(on))
        .await;
    assert_eq!(changed["user"]["email"], "a@b.example");
    assert!(!changed.to_string().contains("pass-3"));
    let token = login(&platform, "pass-3").await.unwrap();
    desk.done(Method::DELETE, &one, None).await;
    assert_eq!(chat(&platform, &token).await.0, 401);
    assert_eq!(desk.call(Method::GET, &one, None).await.0, 404);
}

#[tokio::test]
async fn objects_need_a_permission_of_their_own() {
    let platform = Platform::start();
    let desk = Desk::open(&platform).await;
    let (user, _) = desk.colleague("Pangu OBSReadOnly").await;
    let ask_for = json!({"credential": {"user_id": user}});
    let keys = "/v3.0/OS-CREDENTIAL/credentials";
    let made = desk
        .fits("createAccessKey", Method::POST, keys, Some(ask_for))
        .await;
    let text = |name: &str| made["credential"][name].as_str().unwrap().to_owned();
    let key = (text("access"), text("secret"));
    assert_eq!(crate::obs::status(&platform, &key, "PUT").await, 403);
    assert_eq!(crate::obs::status(&platform, &key, "GET").await, 404);
}

#[tokio::test]
async fn every_other_answer_of_iam_fits_the_spec() {
    let platform = Platform::start();
    let desk = Desk::open(&platform).await;
    let (user, group) = desk.colleague("Tenant Administrator").await;
    let role = desk.role("Tenant Administrator").await;
    let info = platform.info();
    let (domain, project) = (&info.iam.domain_id, &info.project_id);
    let get = async |id: &str, path: String| desk.fits(id, Method::GET, &path, None).await;
    get("showUser", format!("/v3.0/OS-USER/users/{user}")).await;
    get("listGroups", "/v3/groups?name=pangu-users".to_owned()).await;
    get("showGroup", format!("/v3/groups/{group}")).await;
    let users = get("listUsersOfGroup", format!("/v3/groups/{group}/users")).await;
    assert_eq!(users["users"][0]["id"], json!(user));
    get("showPermission", format!("/v3/roles/{role}")).await;
    let granted = get(
        "listGroupRolesOnProject",
        format!("/v3/projects/{project}/groups/{group}/roles"),
    )
    .await;
    assert_eq!(granted["roles"][0]["id"], json!(role));
    let none = get(
        "listGroupRolesOnDomain",
        format!("/v3/domains/{domain}/groups/{group}/roles"),
    )
    .await;
    assert_eq!(none["roles"], json!([]));
    get("listAccounts", "/v3/auth/domains".to_owned()).await;
    get("showProject", format!("/v3/projects/{project}")).await;
    get(
        "showQuota",
        format!("/v3.0/OS-QUOTA/domains/{domain}?type=user"),
    )
    .await;
    let page = get("listPermissions", "/v3/roles?page=2&per_page=2".to_owned()).await;
    assert_eq!(page["roles"].as_array().unwrap().len(), 2);
    let other = json!({"user": {"name": "other"}});
    desk.fits(
        "createKeystoneUser",
        Method::POST,
        "/v3/users",
        Some(other.clone()),
    )
    .await;
    assert_eq!(
        desk.call(Method::POST, "/v3/users", Some(other)).await.0,
        409
    );
    let renamed = json!({"group": {"description": "renamed"}});
    let path = format!("/v3/groups/{group}");
    desk.fits("updateGroup", Method::PATCH, &path, Some(renamed))
        .await;
    let member = format!("{path}/users/{user}");
    assert_eq!(desk.call(Method::HEAD, &member, None).await.0, 204);
    desk.done(Method::DELETE, &path, None).await;
    assert_eq!(desk.call(Method::HEAD, &member, None).await.0, 404);
}
