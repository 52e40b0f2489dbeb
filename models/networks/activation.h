// The functions that follow a hidden layer of the fully connected networks:
// one table, from which the option, its help and every network read.
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

namespace digitorch {

struct Activation {
  std::string name;
  /// f(z), element by element.
  torch::Tensor (*value)(const torch::Tensor& z);
  /// f'(z) as a function of a = f(z), which is at hand during the backward
  /// pass.
  torch::Tensor (*slope)(const torch::Tensor& a);
  /// The initialisation that keeps the size of a signal through many layers of
  /// this function; see initialise() in fully_connected.h.
  std::string initialisation;
};

/// relu, tanh and sigmoid, in this order.
const std::vector<Activation>& activations();

std::vector<std::string> activation_names();

/// Throws std::logic_error where the table has no such name.
const Activation& activation_named(const std::string& name);

}  // namespace digitorch
