//! What a person is told when a request cannot be answered: a code for programs, a Chinese and an
//! English sentence for people. The inside of an error never leaves through here; it goes to the log.

use std::borrow::Cow;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An answer that says no, in words.
#[derive(Debug, Clone)]
pub struct Refusal {
    status: StatusCode,
    code: &'static str,
    zh: Cow<'static, str>,
    en: Cow<'static, str>,
}

impl Refusal {
    /// A refusal whose sentences are fixed.
    pub const fn new(
        status: StatusCode,
        code: &'static str,
        zh: &'static str,
        en: &'static str,
    ) -> Self {
        Self {
            status,
            code,
            zh: Cow::Borrowed(zh),
            en: Cow::Borrowed(en),
        }
    }

    /// A refusal whose sentences name something.
    pub fn about(status: StatusCode, code: &'static str, zh: String, en: String) -> Self {
        Self {
            status,
            code,
            zh: Cow::Owned(zh),
            en: Cow::Owned(en),
        }
    }

    /// The code for programs.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The JSON body, as PROTOCOL part 5 gives it.
    pub fn to_json(&self) -> serde_json::Value {
        json!({"error": {"code": self.code, "zh": self.zh, "en": self.en}})
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} / {}", self.zh, self.en)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(self.to_json())).into_response()
    }
}

/// The data folder is still being opened.
pub const STARTING: Refusal = Refusal::new(
    StatusCode::SERVICE_UNAVAILABLE,
    "starting",
    "平台正在启动，请稍后再试；手机里的记录不受影响。",
    "The office is starting. Try again later; what is on the phone stays there.",
);

/// Measures are for programs on this machine.
pub const ONLY_FROM_THIS_MACHINE: Refusal = Refusal::new(
    StatusCode::FORBIDDEN,
    "only_from_this_machine",
    "运行指标只能在平台所在的机器上读取。",
    "Measures are read on the machine that serves.",
);

/// No token came with the request.
pub const TOKEN_MISSING: Refusal = Refusal::new(
    StatusCode::UNAUTHORIZED,
    "token_missing",
    "这台设备还没有登记，请用登记链接登记。",
    "This device is not enrolled. Open an enrolment link first.",
);

/// The token is not one the office gave.
pub const TOKEN_UNKNOWN: Refusal = Refusal::new(
    StatusCode::UNAUTHORIZED,
    "token_unknown",
    "平台不认识这台设备，请重新登记。",
    "The office does not know this device. Enrol it again.",
);

/// The person's role does not open this route.
pub const ROLE_NOT_ALLOWED: Refusal = Refusal::new(
    StatusCode::FORBIDDEN,
    "role_not_allowed",
    "您的岗位不能查看这里。",
    "Your role does not open this page.",
);

/// The enrolment code was never given, or is mistyped.
pub const CODE_UNKNOWN: Refusal = Refusal::new(
    StatusCode::NOT_FOUND,
    "code_unknown",
    "登记链接不对，请核对后重新打开，或请社区再发一个。",
    "This enrolment link is not known. Check it, or ask the office for a new one.",
);

/// The enrolment code has already enrolled a device.
pub const CODE_USED: Refusal = Refusal::new(
    StatusCode::CONFLICT,
    "code_used",
    "登记链接已经用过，每个链接只能登记一台设备，请社区再发一个。",
    "This enrolment link has been used. Each link enrols one device; ask the office for a new one.",
);

/// The enrolment code is older than ten minutes.
pub const CODE_EXPIRED: Refusal = Refusal::new(
    StatusCode::GONE,
    "code_expired",
    "登记链接已过期（十分钟内有效），请社区再发一个。",
    "This enrolment link has expired (it lives ten minutes). Ask the office for a new one.",
);

/// Too many wrong enrolment codes from one address.
pub const TOO_MANY_ATTEMPTS: Refusal = Refusal::new(
    StatusCode::TOO_MANY_REQUESTS,
    "too_many_attempts",
    "尝试次数过多，请过一分钟再试。",
    "Too many attempts. Try again in a minute.",
);

/// What was asked for is not here, or not for this person to see.
pub const NOT_FOUND: Refusal = Refusal::new(
    StatusCode::NOT_FOUND,
    "not_found",
    "没有找到。",
    "Nothing was found here.",
);

/// The request could not be read.
pub const BAD_REQUEST: Refusal = Refusal::new(
    StatusCode::BAD_REQUEST,
    "bad_request",
    "平台读不懂这个请求。",
    "The office cannot read this request.",
);

/// The body has an encoding other than gzip or none.
pub const ENCODING_UNKNOWN: Refusal = Refusal::new(
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    "encoding_unknown",
    "请求的压缩方式不受支持，只接受 gzip 或不压缩。",
    "The body's compression is not supported; send gzip or none.",
);

/// A pack whose first frame is not a hello.
pub const HELLO_MISSING: Refusal = Refusal::new(
    StatusCode::BAD_REQUEST,
    "hello_missing",
    "请求缺少开头，什么也没有收下，请再试一次。",
    "The request has no beginning, so nothing was taken. Try again.",
);

/// A pack of a protocol version this program does not speak.
pub const VERSION_UNKNOWN: Refusal = Refusal::new(
    StatusCode::UPGRADE_REQUIRED,
    "version_unknown",
    "手机上的应用比平台新，记录都还在手机里；请社区升级平台后再送。",
    "The app on this phone is newer than the office. Everything stays on the phone; ask the office to upgrade, then send again.",
);

/// The service has more to do than it can.
pub const BUSY: Refusal = Refusal::new(
    StatusCode::SERVICE_UNAVAILABLE,
    "busy",
    "平台正忙，没有收下的记录仍在手机里，稍后会自动再送。",
    "The office is busy. What was not taken stays on the phone and is sent again by itself.",
);

/// The store failed, so nothing may be acknowledged any more.
pub const STORE_STOPPED: Refusal = Refusal::new(
    StatusCode::SERVICE_UNAVAILABLE,
    "store_stopped",
    "平台的存储出了故障，已停止收件；记录仍在手机里。",
    "The office's storage has failed and takes nothing more. Your records stay on the phone.",
);

/// The body is larger than any request may be.
pub const TOO_LARGE: Refusal = Refusal::new(
    StatusCode::PAYLOAD_TOO_LARGE,
    "too_large",
    "文件太大，什么也没有收下，请把文件留着并告诉管理员。",
    "The file is too large. Nothing was taken; keep the file and tell the supervisor.",
);

/// The file is of another kind.
pub const NOT_A_RESCUE_FILE: Refusal = Refusal::new(
    StatusCode::UNPROCESSABLE_ENTITY,
    "not_a_rescue_file",
    "这不是楼道的救援文件，什么也没有收下。请选文件名以 .stairwell 结尾的那个文件。",
    "This is not a rescue file of Stairwell, so nothing was taken. Choose the file whose name ends in .stairwell.",
);

/// The file was written by a later version of the app.
pub const RESCUE_VERSION_UNKNOWN: Refusal = Refusal::new(
    StatusCode::UPGRADE_REQUIRED,
    "rescue_version_unknown",
    "写这个救援文件的应用比平台新，什么也没有收下。请把文件留着，等平台升级后再导入。",
    "The app that wrote this rescue file is newer than the office. Nothing was taken; keep the file and import it after the upgrade.",
);

/// The file does not read to its end.
pub const RESCUE_DAMAGED: Refusal = Refusal::new(
    StatusCode::UNPROCESSABLE_ENTITY,
    "rescue_damaged",
    "救援文件不完整，什么也没有收下。请从原来的手机再存一份，或把文件再传一次。",
    "This rescue file is incomplete, so nothing was taken. Save it again on its phone, or pass it on again.",
);

/// The seal is not that of the phone which the file names.
pub const RESCUE_WRONG_SEAL: Refusal = Refusal::new(
    StatusCode::UNPROCESSABLE_ENTITY,
    "rescue_wrong_seal",
    "救援文件的封印不对：传的时候坏了，或被改动过，什么也没有收下。请从原来的手机再存一份，或把文件再传一次。",
    "The seal of this rescue file is wrong: it was damaged or altered on its way, and nothing was taken. Save it again on its phone, or pass it on again.",
);

/// The file is from a phone that the office or this community does not know.
pub const RESCUE_DEVICE_UNKNOWN: Refusal = Refusal::new(
    StatusCode::NOT_FOUND,
    "rescue_device_unknown",
    "平台不认识存这个救援文件的手机，什么也没有收下。如果平台刚从备份恢复过，请交给社区管理员导入；如果这台手机是别的社区的，请交给那个社区。",
    "The office does not know the phone that wrote this rescue file. Nothing was taken; keep the file. If the office was restored from a backup, have a supervisor import it; if it is from another community, give it to that community.",
);

/// Something went wrong inside; the log has the reason.
pub const INTERNAL: Refusal = Refusal::new(
    StatusCode::INTERNAL_SERVER_ERROR,
    "internal",
    "平台内部出错，请稍后再试。",
    "Something went wrong at the office. Try again later.",
);
