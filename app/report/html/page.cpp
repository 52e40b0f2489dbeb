#include "app/report/html/page.h"

// digitorch_embed() in CMake puts them around the files' bytes.
extern "C" const char digitorch_page_html_begin[];
extern "C" const char digitorch_page_html_end[];
extern "C" const char digitorch_page_lesson_begin[];
extern "C" const char digitorch_page_lesson_end[];
extern "C" const char digitorch_page_css_begin[];
extern "C" const char digitorch_page_css_end[];
extern "C" const char digitorch_page_js_begin[];
extern "C" const char digitorch_page_js_end[];

namespace digitorch {

std::string_view page_html() {
  return {digitorch_page_html_begin, digitorch_page_html_end};
}

std::string_view page_lesson() {
  return {digitorch_page_lesson_begin, digitorch_page_lesson_end};
}

std::string_view page_css() {
  return {digitorch_page_css_begin, digitorch_page_css_end};
}

std::string_view page_js() {
  return {digitorch_page_js_begin, digitorch_page_js_end};
}

}  // namespace digitorch
