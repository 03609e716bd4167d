//! `GET /api/openapi.json`: the routes, for programs.

use axum::Json;
use utoipa::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};

#[derive(OpenApi)]
#[openapi(
    info(title = "Stairwell 楼道", description = "Offline field notes for grid workers. The exchange is described in docs/PROTOCOL.md."),
    paths(
        super::healthz::healthz,
        super::readyz::readyz,
        super::metrics::metrics,
        openapi,
        super::enrol::enrol,
        super::sync::sync,
        super::live::live,
        super::rescue::rescue,
        super::device_last::last,
        super::persons::phone,
        super::desk_numbers::numbers,
        super::desk_visits::visits,
        super::desk_doors::doors,
        super::desk_phones::phones,
        super::desk_directory::directory,
        super::desk_tray::tray,
        super::desk_tray::admit,
        super::desk_tray::set_aside,
    ),
    modifiers(&Token)
)]
struct Description;

struct Token;

impl utoipa::Modify for Token {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        openapi
            .components
            .get_or_insert_default()
            .add_security_scheme("token", scheme);
    }
}

/// The description.
#[utoipa::path(get, path = "/api/openapi.json", responses((status = 200, description = "OpenAPI 3.1")))]
pub async fn openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(Description::openapi())
}
