#include "app/system/errors.h"

#include <cerrno>
#include <system_error>

namespace digitorch {

void throw_errno(
    const std::filesystem::path& path, const std::string& what_failed
) {
  throw std::system_error(
      errno, std::generic_category(), path.string() + ": " + what_failed
  );
}

}  // namespace digitorch
