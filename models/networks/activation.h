// The functions that follow a hidden layer of the fully connected networks:
// one table, from which the option, its help and both networks read.
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

namespace digitorch {

struct Activation {
  std::string name;
  std::string help;  ///< See choices.h.
  /// f(z), element by element, of a tensor of any shape.
  torch::Tensor (*value)(const torch::Tensor& z);
  /// f'(z), element by element, from z and a = f(z), since the slope of many
  /// functions is simplest in terms of a.
  torch::Tensor (*slope)(const torch::Tensor& z, const torch::Tensor& a);
  /// The initialisation that keeps the size of a signal through many layers of
  /// this function: a name in initialisation.h.
  std::string initialisation;
  std::string onnx;  ///< The type of operator that computes it in ONNX.
};

/// relu, tanh and sigmoid: ordered by how many layers a gradient goes back
/// through before it vanishes, the most first.
const std::vector<Activation>& activations();

/// Throws std::logic_error where the table has no such name.
const Activation& activation_named(const std::string& name);

}  // namespace digitorch
