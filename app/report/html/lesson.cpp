#include "app/report/html/lesson.h"

#include <nlohmann/json.hpp>

#include "app/report/drawing/svg.h"
#include "app/report/html/page.h"
#include "app/report/html/template.h"

namespace digitorch {

std::string html_lesson(const Lesson& lesson) {
  nlohmann::json tables = nlohmann::json::array();
  for (const TextTable& table : lesson.tables)
    tables.push_back(
        {{"title", table.title},
         {"note",
          table.note.empty() ? nlohmann::json() : nlohmann::json(table.note)},
         {"heading", table.heading},
         {"rows", table.rows}}
    );
  return fill_template(
      std::string(page_lesson()),
      {{"title", lesson.title},
       {"summary", lesson.summary},
       {"results", lesson.results},
       {"tables", tables},
       {"picture", to_svg(lesson.picture)},
       {"css", page_css()}}
  );
}

}  // namespace digitorch
