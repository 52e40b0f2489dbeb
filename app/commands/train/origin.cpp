#include "app/commands/train/origin.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>

#include "datasets/named_sets.h"
#include "models/text/json_text.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKey = "started_in";

bool is_there(const fs::path& path) {
  std::error_code unknown;
  return fs::exists(path, unknown);
}

}  // namespace

std::string origin_here() { return fs::current_path().string(); }

void set_origin(nlohmann::json& config, const std::string& origin) {
  config[kKey] = json_of_text(origin);
}

std::string origin_in(const nlohmann::json& config) {
  if (!config.is_object()) return "";
  const auto found = config.find(kKey);
  return found != config.end() && holds_text(*found) ? text_in_json(*found)
                                                     : std::string();
}

std::string path_from(const std::string& origin, const std::string& text) {
  if (text.empty() || is_there(text)) return text;
  const fs::path there = fs::path(origin) / text;  // text, where it is absolute
  return is_there(there) ? there.string() : text;
}

DataLocation location_from(
    const std::string& origin, const DataOptions& options
) {
  DataLocation location = options.location();
  if (find_named_set(options.data) != nullptr) {
    const std::string set =
        path_from(origin, (fs::path(options.data_dir) / options.data).string());
    if (is_there(set)) location.data_dir = fs::path(set).parent_path();
    return location;
  }
  location.data = path_from(origin, options.data);
  const fs::path there = fs::path(origin) / options.data;
  if (!origin.empty() && there != options.data && !is_there(location.data))
    throw std::runtime_error(
        options.data + ": no such folder, nor " + there.string() +
        ", where the run began; name its pictures with --data FOLDER"
    );
  return location;
}

}  // namespace digitorch
