// The files in app/report/html/page, which are compiled into the program.
#pragma once

#include <string_view>

namespace digitorch {

std::string_view page_html();    ///< A Mustache template of a report.
std::string_view page_lesson();  ///< A Mustache template of a Lesson.
std::string_view page_css();
std::string_view page_js();

}  // namespace digitorch
