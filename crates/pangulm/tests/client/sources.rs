//! Credentials out of files and the environment, used against the emulator.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs, process};

use crate::support::*;
use pangulm::Client;
use pangulm_emulator::{Info, Running};

/// A folder that is gone when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("pangulm-{name}-{}", process::id()));
        fs::create_dir_all(path.join(".huaweicloud")).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn csv(info: &Info) -> String {
    format!(
        "\u{feff}User Name,Access Key Id,Secret Access Key\r\n\"盘古, 团队\",{},{}\r\n",
        info.access_key_id, info.secret_access_key
    )
}

fn profile(info: &Info) -> String {
    format!(
        "[basic]\nak = {}\nsk = {}\nproject_id = {}\niam_endpoint = {}\n",
        info.access_key_id, info.secret_access_key, info.project_id, info.iam_url
    )
}

#[tokio::test]
async fn the_consoles_file_signs() {
    let running = start();
    let folder = Folder::new("csv");
    let path = folder.write("credentials.csv", csv(&running.info));
    let client = bare(&running)
        .credentials_csv(path)
        .unwrap()
        .build()
        .unwrap();
    assert!(client.chat().create(v1(&running, "hello")).await.is_ok());
}

#[tokio::test]
async fn the_official_profile_file_signs_and_names_project_and_iam() {
    let running = start();
    let folder = Folder::new("profile");
    let path = folder.write("profile", profile(&running.info));
    let builder = Client::builder().endpoint(&running.info.url);
    let client = builder.profile_file(path).unwrap().build().unwrap();
    assert!(client.chat().create(v1(&running, "hello")).await.is_ok());
    assert!(client.request("listProjects", &[], None).await.is_ok());
}

#[test]
fn a_file_that_cannot_be_used_is_named_with_what_is_wrong() {
    let folder = Folder::new("faulty");
    let large = folder.write("large.csv", vec![b'a'; (1 << 20) + 1]);
    let half = folder.write("half.csv", "Access Key Id,Secret Access Key\nhidden,\n");
    let empty = folder.write("empty", "[basic]\n");
    let missing = folder.0.join("missing");
    let refusals = [
        (
            Client::builder().credentials_csv(&large),
            &large,
            "is larger than 1 MiB",
        ),
        (
            Client::builder().credentials_csv(&half),
            &half,
            "line 2: column 2",
        ),
        (
            Client::builder().profile_file(&empty),
            &empty,
            "holds no key",
        ),
        (
            Client::builder().profile_file(&missing),
            &missing,
            "does not exist",
        ),
    ];
    for (refusal, path, expected) in refusals {
        let error = refusal.unwrap_err();
        assert_eq!(error.field(), path.to_str());
        let told = error.to_string();
        assert!(
            told.contains(expected) && !told.contains("hidden"),
            "{told}"
        );
    }
}

/// Runs [`child`] in an environment of its own.
fn run_child(running: &Running, home: &Path, variables: &[(&str, &str)]) -> Output {
    let info = &running.info;
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "sources::child", "--ignored", "--nocapture"])
        .env_clear()
        .env("HOME", home)
        .env("USERPROFILE", home)
        .env("PANGU_ENDPOINT", &info.url)
        .env("PANGU_DEPLOYMENT_ID", &info.deployment_id)
        .env("PANGU_PROJECT_ID", &info.project_id)
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

#[tokio::test]
#[ignore = "the process that other tests start with an environment of its own"]
async fn child() {
    let client = match Client::from_env() {
        Ok(client) => client,
        Err(error) => return println!("refused: {error}"),
    };
    match client.chat().create(hello()).await {
        Ok(answer) => println!("answered: {}", answer.text()),
        Err(error) => println!("failed: {error}"),
    }
}

#[test]
fn the_environment_alone_finds_credentials_in_the_order_that_is_documented() {
    let running = start();
    let info = &running.info;
    let folder = Folder::new("chain");
    let told = |variables: &[(&str, &str)]| {
        let output = run_child(&running, &folder.0, variables);
        String::from_utf8(output.stdout).unwrap()
    };
    let nothing = told(&[]);
    for part in [
        "failed: ",
        "none of PANGU_API_KEY, PANGU_TOKEN and HUAWEICLOUD_SDK_AK is set",
        "~/.huaweicloud/credentials: does not exist",
    ] {
        assert!(nothing.contains(part), "{nothing}");
    }

    folder.write(".huaweicloud/credentials", profile(info));
    assert!(told(&[]).contains("answered: "));

    let half = told(&[("HUAWEICLOUD_SDK_AK", &info.access_key_id)]);
    assert!(
        half.contains("refused: HUAWEICLOUD_SDK_SK: is not set"),
        "{half}"
    );
    let pair = [
        ("HUAWEICLOUD_SDK_AK", info.access_key_id.as_str()),
        ("HUAWEICLOUD_SDK_SK", "a-wrong-secret"),
    ];
    assert!(
        told(&pair).contains("failed: "),
        "the environment comes before the file"
    );

    let named = folder.write("Credentials.CSV", csv(info));
    folder.write(".huaweicloud/credentials", "[basic]\nak = half\n");
    let variable = ("HUAWEICLOUD_SDK_CREDENTIALS_FILE", named.to_str().unwrap());
    assert!(told(&[variable]).contains("answered: "));
    assert!(
        told(&[("HUAWEICLOUD_SDK_CREDENTIALS_FILE", "~/Credentials.CSV")]).contains("answered: ")
    );
    let faulty = told(&[]);
    assert!(
        faulty.contains("refused: profile file: [basic] has no sk"),
        "{faulty}"
    );
}
