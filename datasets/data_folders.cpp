#include "datasets/data_folders.h"

#include <cstdlib>
#include <stdexcept>

namespace digitorch {
namespace {

namespace fs = std::filesystem;

constexpr const char* kScript = "scripts/fetch_data.sh";

/// The value of a variable of the environment as a path; empty without one.
fs::path variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// ~/.local/share/digitorch, or as XDG_DATA_HOME has it; empty without a home.
/// As the XDG Base Directory Specification asks, a relative path is ignored.
fs::path user_data_folder() {
  if (const fs::path data = variable("XDG_DATA_HOME"); data.is_absolute())
    return data / "digitorch";
  const fs::path home = variable("HOME");
  return home.empty() ? "" : home / ".local" / "share" / "digitorch";
}

/// The folder above the running program in which the scripts are; or empty.
fs::path repository() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  for (fs::path up = program.parent_path(); up.has_relative_path();
       up = up.parent_path())
    if (fs::exists(up / kScript, error)) return up;
  return {};
}

/// The script that fetches data sets, named from here or from the root; or
/// empty.
fs::path fetch_script() {
  std::error_code error;
  if (fs::exists(kScript, error)) return kScript;
  const fs::path root = repository();
  return root.empty() ? "" : root / kScript;
}

/// Where a set is best put that lies nowhere yet.
fs::path folder_to_fetch_into() {
  if (const fs::path named = variable("DIGITORCH_DATA"); !named.empty())
    return named;
  std::error_code error;
  const fs::path of_user = user_data_folder();
  return fs::exists(kScript, error) || of_user.empty() ? kUsualDataFolder
                                                       : of_user;
}

}  // namespace

std::vector<fs::path> data_folders() {
  const fs::path root = repository();
  std::vector<fs::path> folders;
  for (const fs::path& folder :
       {variable("DIGITORCH_DATA"),
        fs::path(kUsualDataFolder),
        user_data_folder(),
        root.empty() ? root : root / kUsualDataFolder})
    if (!folder.empty()) folders.push_back(folder);
  return folders;
}

fs::path find_named_folder(const std::string& name, const fs::path& data_dir) {
  if (data_dir != kUsualDataFolder) return data_dir / name;
  std::string looked_in;
  for (const fs::path& folder : data_folders()) {
    std::error_code error;
    if (fs::exists(folder / name, error)) return folder / name;
    looked_in += (looked_in.empty() ? "" : ", ") + folder.string();
  }
  throw std::runtime_error(
      "--data " + name + ": not found in " + looked_in +
      "; expected it in one of them, or in the folder that --data-dir names" +
      how_to_fetch(name, folder_to_fetch_into())
  );
}

std::string fetch_command(const std::string& name, const fs::path& data_dir) {
  const fs::path script = fetch_script();
  if (script.empty()) return "";
  const bool is_its_default =
      script.is_relative() &&
      (data_dir.empty() || data_dir == kUsualDataFolder);
  return script.string() + " " + name +
         (is_its_default ? "" : " " + data_dir.string());
}

std::string how_to_fetch(const std::string& name, const fs::path& data_dir) {
  const std::string command = fetch_command(name, data_dir);
  if (!command.empty()) return ". Run: " + command;
  return ". Put its files into " + (data_dir / name).string() +
         ": train-images-idx3-ubyte, train-labels-idx1-ubyte, "
         "t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte";
}

}  // namespace digitorch
