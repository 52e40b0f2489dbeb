// The example that `digitorch backprop` takes one step on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/cli/option_groups.h"
#include "app/evaluation/learning_step.h"

namespace digitorch {

struct BackpropOptions {
  /// Units of each layer, the inputs first; empty: 2, 3, 2, or for a digit the
  /// pixels, 10 and the classes.
  std::vector<int64_t> layers;
  std::string activation = "sigmoid";
  std::string initialisation = "torch";
  std::string loss = "cross-entropy";
  double lr = 0.5;
  int64_t seed = 1;
  std::string model;  ///< A scratch checkpoint, whose weights are taken.
  bool digit = false;
  int64_t sample = 0;
  std::string label;  ///< The name of a class; empty: as the data say.
  std::string output = "backprop";
  bool overwrite = false;
  DataOptions data;
  OutputOptions print;
};

/// An example and how to name what is in it.
struct NamedExample {
  Example example;
  std::string input;  ///< "made-up numbers" or where the picture is from.
  std::vector<std::string> class_names;
};

/// picture: the path of an image file; empty: a test picture for
/// BackpropOptions::digit, or numbers that are drawn by the seed, rounded so
/// that a reader can follow with a pocket calculator. Throws std::runtime_error
/// naming the option that does not fit.
NamedExample make_example(const BackpropOptions&, const std::string& picture);

}  // namespace digitorch
