#include "app/commands/classify/listed_pictures.h"

#include <glob.h>

#include <memory>
#include <stdexcept>

#include "datasets/image_folder.h"

namespace digitorch {

std::vector<std::filesystem::path> listed_pictures(
    const std::string& path, std::vector<std::string>& warnings
) {
  if (std::filesystem::exists(std::filesystem::symlink_status(path)) ||
      path.find_first_of("*?[") == std::string::npos)
    return list_images(path, warnings);
  glob_t found = {};
  const int status = glob(path.c_str(), 0, nullptr, &found);
  const std::unique_ptr<glob_t, void (*)(glob_t*)> guard(&found, globfree);
  if (status != 0)
    throw std::runtime_error(
        path + ": found no picture; expected a name or pattern of some"
    );
  std::vector<std::filesystem::path> paths;
  for (size_t i = 0; i < found.gl_pathc; ++i)
    for (const std::filesystem::path& each :
         list_images(found.gl_pathv[i], warnings))
      paths.push_back(each);
  return paths;
}

}  // namespace digitorch
