// One description of an options struct, from which its command-line options,
// its checks, its help and its JSON form (see fields_json.h) are all made.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace digitorch {

/// The value of an option, of any of the types that an option can have.
using FieldValue =
    std::variant<int64_t, double, bool, std::string, std::vector<int64_t>>;

/// A named member of an options struct, read and written as text. It refers to
/// the struct it was made from, which must outlive it.
struct Field {
  std::string name;                  ///< As on the command line: "batch-size".
  std::string help;                  ///< One sentence without its full stop.
  std::string expected;              ///< "a whole number from 1 to 65536".
  std::vector<std::string> choices;  ///< All its values, where there are few.
  bool is_switch = false;            ///< bool: `--name` alone means true.
  /// What help and completion call its value: N, LIST, NAME, FILE, FOLDER or
  /// several of these with | between them. Empty for a switch.
  std::string value_name;
  /// Some of its values, for completion; where there are choices, these are
  /// offered.
  std::vector<std::string> suggestions = {};
  std::function<FieldValue()> get;
  /// Sets the value from text. Returns false, and changes nothing, for a text
  /// that is not as expected.
  std::function<bool(const std::string& text)> set;
};

/// The whole numbers from min to max, both included.
struct WholeRange {
  int64_t min;
  int64_t max;
};
/// The numbers from min to max, both included.
struct RealRange {
  double min;
  double max;
};

bool inside(int64_t value, WholeRange);
/// False for NaN.
bool inside(double value, RealRange);

/// "a whole number from 1 to 9".
std::string description(WholeRange);
/// "a number from 0.0 to 1.0".
std::string description(RealRange);

Field field(std::string name, int64_t& value, WholeRange, std::string help);
Field field(std::string name, double& value, RealRange, std::string help);
Field field(std::string name, bool& value, std::string help);
/// Takes any text, called NAME unless with_value() says otherwise.
Field field(std::string name, std::string& value, std::string help);
/// Takes one of `choices`.
Field field(
    std::string name,
    std::string& value,
    std::vector<std::string> choices,
    std::string help
);
/// Takes numbers in the range with commas between them, or an empty text for an
/// empty list.
Field field(
    std::string name, std::vector<int64_t>& value, WholeRange, std::string help
);

/// The field with this `value_name` and these `suggestions`.
Field with_value(
    Field, std::string value_name, std::vector<std::string> suggestions = {}
);

/// Sets the field from text. Throws std::runtime_error
/// "<where>: found '<text>'; expected <what>", followed by the choice that was
/// probably meant.
void assign(const Field&, const std::string& text, const std::string& where);

/// The words with `between` between them.
std::string join(
    const std::vector<std::string>& words, const std::string& between = ", "
);

/// The parts of the text around each `between`: at least one, maybe empty.
std::vector<std::string> split_text(const std::string& text, char between);

/// The text that Field::set takes for the value: "3", "0.1", "true", "64,32".
/// A double becomes the shortest text that reads back as the same number, with
/// a point or an exponent: "1.0", "1e-06".
std::string to_text(const FieldValue&);

}  // namespace digitorch
