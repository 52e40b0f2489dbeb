#include "app/serve/page.h"

// They lie in page.S, around the files' bytes.
#define DIGITORCH_EMBEDDED(NAME)                          \
  extern "C" const char digitorch_serve_##NAME##_begin[]; \
  extern "C" const char digitorch_serve_##NAME##_end[]
DIGITORCH_EMBEDDED(html);
DIGITORCH_EMBEDDED(css);
DIGITORCH_EMBEDDED(js);
DIGITORCH_EMBEDDED(openapi);
#undef DIGITORCH_EMBEDDED

namespace digitorch {

const std::vector<PageFile>& page_files() {
  static const std::vector<PageFile> files = {
      {"/",
       "text/html; charset=utf-8",
       {digitorch_serve_html_begin, digitorch_serve_html_end}},
      {"/style.css",
       "text/css; charset=utf-8",
       {digitorch_serve_css_begin, digitorch_serve_css_end}},
      {"/app.js",
       "text/javascript; charset=utf-8",
       {digitorch_serve_js_begin, digitorch_serve_js_end}},
      {"/openapi.json",
       "application/json",
       {digitorch_serve_openapi_begin, digitorch_serve_openapi_end}}};
  return files;
}

}  // namespace digitorch
