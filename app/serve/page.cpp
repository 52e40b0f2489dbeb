#include "app/serve/page.h"

// digitorch_embed() in CMake puts them around the files' bytes.
extern "C" const char digitorch_serve_html_begin[];
extern "C" const char digitorch_serve_html_end[];
extern "C" const char digitorch_serve_css_begin[];
extern "C" const char digitorch_serve_css_end[];
extern "C" const char digitorch_serve_js_begin[];
extern "C" const char digitorch_serve_js_end[];
extern "C" const char digitorch_serve_openapi_begin[];
extern "C" const char digitorch_serve_openapi_end[];

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
