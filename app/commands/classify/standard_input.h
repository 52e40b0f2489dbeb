// What `digitorch classify -` finds on standard input: a picture, or a list of
// paths.
#pragma once

#include <string>
#include <vector>

namespace digitorch {

struct StandardInput {
  std::string picture;             ///< The bytes of a picture file; or empty.
  std::vector<std::string> paths;  ///< Otherwise the paths of a list.
};

/// A picture is known by its first bytes, unless they name a file. A list has a
/// path on each line, ended by LF or CR LF, or after each zero byte, as
/// `find -print0` writes it; it may begin with a byte order mark. Throws
/// std::runtime_error for bytes that are neither.
StandardInput parse_standard_input(std::string bytes);

}  // namespace digitorch
