//! Which query parameters are part of the signed resource. A table from the official SDK, used on
//! both sides of a signature.

use crate::obs::dialect::Dialect;

/// The others, such as `prefix`, `marker`, `max-keys` and `delimiter`, are not signed. In one text,
/// because an array of texts weighs three times as much in a wasm file.
const NAMES: &str = "acl append backtosource bucketstatus cors delete deletebucket \
    directcoldaccess dispolicy encryption fileinterface inventory length lifecycle location \
    logging metadata modify name notification object-lock obsalias obsbucketalias \
    obscompresspolicy obsworkflowtriggerpolicy partnumber policy policystatus position \
    publicaccessblock quota rename replication requestpayment response-cache-control \
    response-content-disposition response-content-encoding response-content-language \
    response-content-type response-expires restore retention storageclass storageinfo \
    storagepolicy tagging torrent truncate uploadid uploads versionid versioning versions website \
    x-image-process x-image-save-bucket x-image-save-object x-obs-accesslabel x-oss-process \
    x-workflow-execution-state x-workflow-execution-type x-workflow-graph-name x-workflow-limit \
    x-workflow-next-marker x-workflow-prefix x-workflow-start x-workflow-template-name";

/// Whether the signature covers a query parameter of this name; letter case does not matter.
pub(crate) fn is_signed(name: &str, dialect: Dialect) -> bool {
    dialect.owns(name)
        || NAMES
            .split(' ')
            .any(|known| known.eq_ignore_ascii_case(name))
}
