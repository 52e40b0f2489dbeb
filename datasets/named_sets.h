// The data sets that --data knows by name: one table, from which the option's
// help, the readers and their messages read. scripts/fetch_data.sh fetches
// them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace digitorch {

/// Four IDX files in a folder that has the set's name.
struct NamedSet {
  std::string name;
  std::vector<std::string> class_names;
};

/// mnist and fashion-mnist.
const std::vector<NamedSet>& named_sets();

/// The set of that name; null where there is none.
const NamedSet* find_named_set(const std::string& name);

/// "mnist, fashion-mnist".
std::string list_of_named_sets();

/// "0", "1", ..., `count` names.
std::vector<std::string> numbered_classes(int64_t count);

}  // namespace digitorch
