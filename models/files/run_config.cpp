#include "models/files/run_config.h"

#include <stdexcept>

namespace digitorch {
namespace {

void check_config_version(const JsonReader& version) {
  if (version.whole({1, INT64_MAX}) <= kConfigVersion) return;
  version.refuse(
      "at most " + std::to_string(kConfigVersion) +
      ", which this program reads. Use a newer digitorch"
  );
}

void check_digest_text(const JsonReader& digest) {
  constexpr size_t kHexDigits = 64;
  const std::string text = digest.text();
  const bool is_hex =
      text.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!text.empty() && (text.size() != kHexDigits || !is_hex))
    digest.refuse("a SHA-256 of 64 hexadecimal digits, or an empty text");
}

}  // namespace

void check_run_config(const JsonReader& config) {
  config.check_keys(
      {"config_version",
       "digitorch",
       "libtorch",
       "preset",
       "data_sha256",
       "started_in",
       "options"}
  );
  if (const auto version = config.find("config_version"))
    check_config_version(*version);
  for (const char* key : {"digitorch", "libtorch", "preset"})
    if (const auto text = config.find(key)) text->text();
  if (const auto digest = config.find("data_sha256"))
    check_digest_text(*digest);
  if (const auto folder = config.find("started_in")) folder->byte_text();
  config.at("options").check_object();
}

}  // namespace digitorch
