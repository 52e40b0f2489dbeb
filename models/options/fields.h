// One description of an options struct, from which its command-line options,
// its JSON form, its checks and its help are all made.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace digitorch {

/// A named value inside an options struct, reachable as text. It refers to the
/// struct it was made from, which must outlive it.
struct Field {
  std::string name;                  ///< As on the command line: "batch-size".
  std::string help;                  ///< What it means, in a few words.
  std::string expected;              ///< "a whole number from 1 to 65536".
  std::vector<std::string> choices;  ///< All values it takes, where few.
  bool is_switch = false;            ///< bool: `--name` alone means true.
  std::function<nlohmann::json()> get;
  /// Reads a value from text; false, and nothing changed, where it is not as
  /// expected.
  std::function<bool(const std::string& text)> set;
};

struct WholeRange {
  int64_t least;
  int64_t most;
};
struct RealRange {
  double least;
  double most;
};

Field field(std::string name, int64_t& value, WholeRange, std::string help);
Field field(std::string name, double& value, RealRange, std::string help);
Field field(std::string name, bool& value, std::string help);
/// Any text.
Field field(std::string name, std::string& value, std::string help);
/// One of `choices`.
Field field(
    std::string name,
    std::string& value,
    std::vector<std::string> choices,
    std::string help
);
/// A comma-separated list, each item in the range; may be empty.
Field field(
    std::string name, std::vector<int64_t>& value, WholeRange, std::string help
);

/// Sets the field from text. Throws std::runtime_error
/// "<where>: found '<text>'; expected <what>".
void assign(const Field&, const std::string& text, const std::string& where);

/// The words with `between` between them.
std::string join(
    const std::vector<std::string>& words, const std::string& between = ", "
);

/// The parts of the text around each `between`, at least one.
std::vector<std::string> split_text(const std::string& text, char between);

/// The value as the text that `set` takes: "0.1", "true", "64,32".
std::string to_text(const nlohmann::json& value);

nlohmann::json to_json(const std::vector<Field>&);

/// Sets every field that `values` names. Throws std::runtime_error naming
/// `where` and the key for a value that does not fit or a key that is no field.
void from_json(
    const std::vector<Field>&,
    const nlohmann::json& values,
    const std::string& where
);

}  // namespace digitorch
