//! Lets a new colleague in: makes a user, puts it into a group that may call models, gives it an access
//! key; with that key the colleague then chats.
//!
//! Who runs it may manage IAM. Start the emulator with `cargo run -p pangulm-emulator -- --port 8787`,
//! then:
//!
//! ```text
//! export PANGU_ENDPOINT=http://127.0.0.1:8787
//! export HUAWEICLOUD_SDK_IAM_ENDPOINT=http://127.0.0.1:8787
//! export PANGU_DEPLOYMENT_ID=5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045
//! export HUAWEICLOUD_SDK_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
//! export HUAWEICLOUD_SDK_AK=EMULATORACCESSKEY001
//! export HUAWEICLOUD_SDK_SK=emulator-secret-access-key-0000000000001
//! cargo run -p pangulm --example colleague
//! ```

use pangulm::chat::{ChatRequest, Message};
use pangulm::generated::iam::types::{
    CreateAccessKeyRequest, CreateGroupRequest, CreateUserRequest, NewAccessKey, NewGroup, NewUser,
};
use pangulm::{Client, ClientBuilder};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    let iam = client.iam();
    let project = std::env::var("HUAWEICLOUD_SDK_PROJECT_ID")?;
    // Names are taken once; this one is of this run.
    let name = format!("colleague-{}", std::process::id());

    let accounts = iam.list_accounts().send().await?;
    let account = accounts.domains.first().ok_or("no account")?;
    let user = NewUser::builder().name(&name).domain_id(&account.id);
    let user = CreateUserRequest::builder().user(user);
    let user = iam.create_user().body(user).send().await?.user.id.clone();
    println!("user {name}: {user}");

    let group =
        CreateGroupRequest::builder().group(NewGroup::builder().name(format!("{name}-group")));
    let group = iam
        .create_group()
        .body(group)
        .send()
        .await?
        .group
        .id
        .clone();
    iam.add_user_to_group()
        .group_id(&group)
        .user_id(&user)
        .send()
        .await?;

    let wanted = "Tenant Administrator";
    let found = iam.list_permissions().display_name(wanted).send().await?;
    let role = found.roles.first().ok_or("no such permission")?;
    iam.grant_group_role_on_project()
        .project_id(&project)
        .group_id(&group)
        .role_id(&role.id)
        .send()
        .await?;
    println!("its group may do what {wanted} allows in the project");

    let key = NewAccessKey::builder().user_id(&user);
    let key = CreateAccessKeyRequest::builder().credential(key);
    let key = iam.create_access_key().body(key).send().await?;
    let key = &key.credential;
    println!("access key: {}", key.access);

    // On the platform it may take some minutes until the permission counts everywhere.
    let colleague = ClientBuilder::default()
        .access_key(&key.access, key.secret.expose())
        .complete_from_env()?
        .build()?;
    let request = ChatRequest::new([Message::user("介绍一下长江")]);
    println!("{}", colleague.chat().create(request).await?.text());
    Ok(())
}
