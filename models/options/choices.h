// A choice of an option as a table: a row for each value, from which the
// option's values, its help and the lookup by name are made. A row is a struct
// with the members `name` and `help`, both std::string, and what the name
// means; `help` explains the name in a few words.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "models/options/fields.h"

namespace digitorch {

/// The names of all rows, in the order of the table.
template <class Row>
std::vector<std::string> names_of(const std::vector<Row>& table) {
  std::vector<std::string> names;
  for (const Row& row : table) names.push_back(row.name);
  return names;
}

/// The row of that name. `what` says in a message what the rows are:
/// "activation". Throws std::logic_error where there is none, since options
/// take no other names.
template <class Row>
const Row& row_named(
    const std::vector<Row>& table,
    const std::string& name,
    const std::string& what
) {
  for (const Row& row : table)
    if (row.name == name) return row;
  throw std::logic_error(
      what + ": found '" + name + "'; expected one of " + join(names_of(table))
  );
}

/// A field that takes the name of a row. Its help is `help`, a full stop, and
/// "<name>: <help>" of every row that has a help.
template <class Row>
Field field(
    std::string name,
    std::string& value,
    const std::vector<Row>& table,
    std::string help
) {
  std::vector<std::string> rows;
  for (const Row& row : table)
    if (!row.help.empty()) rows.push_back(row.name + ": " + row.help);
  if (!rows.empty()) help += ". " + join(rows, "; ");
  return field(std::move(name), value, names_of(table), std::move(help));
}

}  // namespace digitorch
