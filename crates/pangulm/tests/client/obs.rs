//! The object storage.

use std::io::Write;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use pangulm::obs::{Body, Bucket, CorsRule, Entry, ListOptions, PutOptions, UploadOptions};
use pangulm::{Client, ClientBuilder, Error, ErrorKind};
use pangulm_emulator::Running;

use crate::support::{PATIENCE, bare, count, faulty, requests, serve_once, start, with_password};

fn builder(running: &Running) -> ClientBuilder {
    let info = &running.info;
    bare(running)
        .obs_endpoint(&info.obs_url)
        .access_key(&info.access_key_id, &info.secret_access_key)
}

fn bucket_of(client: &Client) -> Bucket {
    client.obs().bucket("emulator-bucket")
}

fn bucket(running: &Running) -> Bucket {
    bucket_of(&builder(running).build().unwrap())
}

async fn text(bucket: &Bucket, key: &str) -> Result<String, Error> {
    let bytes = bucket.get(key).await?.bytes().await?;
    Ok(String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test]
async fn what_was_put_comes_back_with_its_description() {
    let running = start();
    let bucket = bucket(&running);
    let options = PutOptions::new()
        .content_type("application/json")
        .metadata("Origin", "station 7");
    let key = "train/数据 1+2&a=b?.json";
    let stored = bucket.put_with(key, "{}", options).await.unwrap();
    assert!(stored.request_id.is_some());
    let info = bucket.head(key).await.unwrap();
    assert_eq!((info.size, &info.etag), (Some(2), &stored.etag));
    assert_eq!(info.content_type.as_deref(), Some("application/json"));
    assert_eq!(
        info.metadata,
        [("origin".to_owned(), "station 7".to_owned())]
    );
    assert_eq!(text(&bucket, key).await.unwrap(), "{}");
    bucket.delete(key).await.unwrap();
    bucket.delete(key).await.unwrap();
    let gone = bucket.get(key).await.unwrap_err();
    assert!(gone.is_not_found());
    assert_eq!((gone.status(), gone.code()), (Some(404), Some("NoSuchKey")));
    assert!(gone.request_id().is_some());
    assert!(gone.remedy().unwrap().contains("key"), "{gone}");
    assert!(
        gone.to_string().ends_with("docs/errors.md#NoSuchKey"),
        "{gone}"
    );
}

#[tokio::test]
async fn a_range_brings_its_bytes_and_the_size_of_the_whole() {
    let running = start();
    let bucket = bucket(&running);
    bucket.put("digits", "0123456789").await.unwrap();
    let part = bucket.get_range("digits", 2..5).await.unwrap();
    assert_eq!(part.info().size, Some(10));
    assert_eq!(part.bytes().await.unwrap(), "234");
    let rest = bucket.get_range("digits", 8..).await.unwrap();
    assert_eq!(rest.bytes().await.unwrap(), "89");
    let beyond = bucket.get_range("digits", 10..).await.unwrap_err();
    assert_eq!(
        (beyond.status(), beyond.code()),
        (Some(416), Some("InvalidRange"))
    );
}

#[tokio::test]
async fn a_list_goes_on_over_pages_and_shows_folders() {
    let running = start();
    let bucket = bucket(&running);
    let keys = ["a/1", "a/2", "b", "c/ü & +", "d"];
    for key in keys {
        bucket.put(key, "x").await.unwrap();
    }
    let small = ListOptions::new().page_size(2);
    let listed: Vec<Entry> = bucket.list_with(small).try_collect().await.unwrap();
    let listed: Vec<&str> = listed.iter().map(Entry::key).collect();
    assert_eq!(listed, keys);
    assert_eq!(count(&running, "obs.listObjects").await, 3);
    let folders = ListOptions::new().delimiter("/").page_size(2);
    let folders: Vec<Entry> = bucket.list_with(folders).try_collect().await.unwrap();
    let mut shown: Vec<&str> = folders.iter().map(Entry::key).collect();
    shown.sort_unstable();
    assert_eq!(shown, ["a/", "b", "c/", "d"]);
    let mut below = bucket.list_with(ListOptions::new().prefix("c/"));
    let Entry::Object { key, size, .. } = below.next().await.unwrap().unwrap() else {
        panic!("an object");
    };
    assert_eq!((key.as_str(), size), ("c/ü & +", 1));
    assert!(below.next().await.is_none());
}

#[tokio::test]
async fn a_stream_of_known_length_is_put_as_it_comes() {
    let running = start();
    let bucket = bucket(&running);
    let pieces = ["0123", "45", "6789"].map(|piece| Ok::<_, std::io::Error>(Bytes::from(piece)));
    let body = Body::stream(10, stream::iter(pieces));
    bucket.put("streamed", body).await.unwrap();
    assert_eq!(text(&bucket, "streamed").await.unwrap(), "0123456789");
}

#[tokio::test]
async fn a_stream_of_unknown_length_is_uploaded_in_parts() {
    let running = start();
    let bucket = bucket(&running);
    let piece = Bytes::from("x".repeat(70_000));
    let pieces = stream::iter(vec![piece; 5]).map(Ok::<_, std::io::Error>);
    let options = UploadOptions::new()
        .part_size(100 << 10)
        .put(PutOptions::new().content_type("text/plain"));
    let stored = bucket.upload_with("big", pieces, options).await.unwrap();
    assert!(stored.etag.unwrap().ends_with("-4\""));
    assert_eq!(count(&running, "obs.uploadPart").await, 4);
    let info = bucket.head("big").await.unwrap();
    assert_eq!(info.size, Some(350_000));
    assert_eq!(info.content_type.as_deref(), Some("text/plain"));
    let mut download = bucket.get("big").await.unwrap();
    let mut length = 0;
    while let Some(piece) = download.next().await {
        length += piece.unwrap().len();
    }
    assert_eq!(length, 350_000);

    let little = stream::iter([Ok::<_, std::io::Error>("little")]);
    bucket.upload("little", little).await.unwrap();
    assert_eq!(count(&running, "obs.beginUpload").await, 1);
    assert_eq!(text(&bucket, "little").await.unwrap(), "little");
}

#[tokio::test]
async fn an_upload_that_fails_leaves_nothing_behind() {
    let running = start();
    let bucket = bucket(&running);
    let good = Ok(Bytes::from("x".repeat(110_000)));
    let pieces = [good, Err(std::io::Error::other("the disk is gone"))];
    let options = UploadOptions::new().part_size(100 << 10);
    let upload = bucket.upload_with("big", stream::iter(pieces), options);
    let error = upload.await.unwrap_err();
    assert_eq!(error.field(), Some("stream"));
    assert!(error.to_string().contains("the disk is gone"), "{error}");
    assert_eq!(count(&running, "obs.abortUpload").await, 1);
    assert_eq!(bucket.head("big").await.unwrap_err().status(), Some(404));
    let options = UploadOptions::new().part_size(1000);
    let nothing = stream::empty::<Result<Bytes, std::io::Error>>();
    let error = bucket
        .upload_with("big", nothing, options)
        .await
        .unwrap_err();
    assert_eq!(error.field(), Some("part_size"));
}

#[tokio::test]
async fn a_presigned_url_needs_no_key() {
    let running = start();
    let bucket = bucket(&running);
    let minute = Duration::from_secs(60);
    let options = PutOptions::new()
        .content_type("text/plain")
        .metadata("a", "b");
    let put = bucket.presign_put("it", minute, options).await.unwrap();
    let http = reqwest::Client::new();
    let request = http
        .put(put)
        .header("content-type", "text/plain")
        .header("x-amz-meta-a", "b");
    assert_eq!(request.body("x").send().await.unwrap().status(), 200);
    let get = bucket.presign_get("it", minute).await.unwrap();
    let answer = http.get(get).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "x");
}

#[tokio::test]
async fn a_buckets_rules_for_pages_can_be_set_and_read() {
    let running = start();
    let bucket = bucket(&running);
    assert_eq!(bucket.cors().await.unwrap(), []);
    let rule = CorsRule::for_origin("https://page.example");
    bucket.set_cors(std::slice::from_ref(&rule)).await.unwrap();
    assert_eq!(bucket.cors().await.unwrap(), [rule]);
    bucket.delete_cors().await.unwrap();
    assert_eq!(bucket.cors().await.unwrap(), []);
}

#[tokio::test]
async fn reads_and_writes_are_sent_again_and_streams_are_not() {
    let running = start();
    let client = builder(&running).build().unwrap();
    let steady = bucket_of(&faulty(
        &client,
        "status=503;retry-after=0;times=1;key=once",
    ));
    steady.put("it", "x").await.unwrap();
    let puts = requests(&running).await;
    let tries = puts.iter().filter(|it| it["key"] == "once").count();
    assert_eq!(tries, 2);
    let broken = bucket_of(&faulty(&client, "status=500;key=never"));
    let pieces = stream::iter([Ok::<_, std::io::Error>("x")]);
    let error = broken.put("it", Body::stream(1, pieces)).await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(500), 1));
    let never = bucket_of(&faulty(&client, "status=403;key=refused"));
    assert_eq!(never.head("it").await.unwrap_err().attempts(), 1);
}

#[tokio::test]
async fn a_wrong_clock_is_corrected_once() {
    let running = start();
    let bucket = bucket(&running);
    let url = format!("{}/_emulator/clock", running.info.url);
    let late = reqwest::Client::new()
        .post(&url)
        .body(r#"{"offsetSeconds":-4000}"#);
    late.send().await.unwrap();
    bucket.put("it", "x").await.unwrap();
    bucket.head("it").await.unwrap();
    assert_eq!(count(&running, "obs.putObject").await, 2);
    assert_eq!(count(&running, "obs.headObject").await, 1);
    // A refused HEAD says nothing but its status.
    let right = reqwest::Client::new()
        .post(&url)
        .body(r#"{"offsetSeconds":0}"#);
    right.send().await.unwrap();
    bucket.head("it").await.unwrap();
    assert_eq!(count(&running, "obs.headObject").await, 3);
}

#[tokio::test]
async fn a_client_without_a_key_gets_temporary_ones_and_renews_them() {
    let running = start();
    let client = with_password(&running)
        .obs_endpoint(&running.info.obs_url)
        .build()
        .unwrap();
    let bucket = bucket_of(&client);
    let (one, two) = tokio::join!(bucket.put("one", "1"), bucket.put("two", "2"));
    one.unwrap();
    two.unwrap();
    assert_eq!(count(&running, "createTemporaryAccessKey").await, 1);
    let url = format!("{}/_emulator/revoke-tokens", running.info.url);
    reqwest::Client::new().post(url).send().await.unwrap();
    assert_eq!(text(&bucket, "one").await.unwrap(), "1");
    assert_eq!(count(&running, "createTemporaryAccessKey").await, 3);
}

#[tokio::test]
async fn temporary_keys_that_are_asked_for_sign_alone() {
    let running = start();
    let client = builder(&running)
        .temporary_keys(Duration::from_secs(900))
        .build()
        .unwrap();
    bucket_of(&client).put("it", "x").await.unwrap();
    let requests = requests(&running).await;
    let put = requests
        .iter()
        .find(|it| it["operationId"] == "obs.putObject")
        .unwrap();
    assert_eq!(put["headers"]["x-amz-security-token"], "***");
}

#[tokio::test]
async fn an_api_key_alone_is_refused_before_anything_is_sent() {
    let running = start();
    let client = bare(&running)
        .obs_endpoint(&running.info.obs_url)
        .api_key(&running.info.api_key)
        .build()
        .unwrap();
    let error = bucket_of(&client).head("it").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credential);
    assert!(error.to_string().contains("HUAWEICLOUD_SDK_AK"), "{error}");
    assert_eq!(requests(&running).await.len(), 0);
    let dots = bucket(&running).head("a/../b").await.unwrap_err();
    assert!(
        dots.is_invalid_input() && dots.to_string().contains(".."),
        "{dots}"
    );
}

#[tokio::test]
async fn an_object_that_is_cut_is_an_error() {
    let url = serve_once(|mut connection| {
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\nx-obs-request-id: r-1\r\n\r\n12345";
        connection.write_all(head).unwrap();
    });
    let client = Client::builder()
        .obs_endpoint(url)
        .access_key("AK", "SK")
        .timeout(PATIENCE)
        .build()
        .unwrap();
    let download = client.obs().bucket("b").get("k").await.unwrap();
    let error = download.bytes().await.unwrap_err();
    assert!(error.is_truncated());
    assert_eq!(error.request_id(), Some("r-1"));
}

#[tokio::test]
async fn an_object_over_the_limit_is_to_be_read_in_pieces() {
    let running = start();
    let client = builder(&running).max_answer_bytes(4).build().unwrap();
    let bucket = bucket_of(&client);
    bucket.put("it", "12345").await.unwrap();
    let error = bucket.get("it").await.unwrap().bytes().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    let pieces: Vec<Bytes> = bucket.get("it").await.unwrap().try_collect().await.unwrap();
    assert_eq!(pieces.concat(), b"12345");
}

#[tokio::test]
async fn a_wrong_secret_is_refused_without_showing_it() {
    let running = start();
    let info = &running.info;
    let client = bare(&running)
        .obs_endpoint(&info.obs_url)
        .access_key(&info.access_key_id, "not-the-secret")
        .build()
        .unwrap();
    let error = bucket_of(&client).get("it").await.unwrap_err();
    assert_eq!(error.code(), Some("SignatureDoesNotMatch"));
    assert!(error.is_auth());
    assert!(error.to_string().contains("it signed \"GET||||"), "{error}");
    let shown = format!("{error:?} {error}");
    assert!(!shown.contains("not-the-secret"));
    let downloads = bucket_of(&client).list().collect::<Vec<_>>().await;
    assert_eq!(downloads.len(), 1);
}
