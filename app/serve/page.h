// The files in app/serve/page, which are compiled into the program.
#pragma once

#include <string_view>
#include <vector>

namespace digitorch {

struct PageFile {
  const char* path;  ///< Of the URL: "/app.js".
  const char* content_type;
  std::string_view text;
};

const std::vector<PageFile>& page_files();

}  // namespace digitorch
