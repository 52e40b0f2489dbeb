// How the weights of the fully connected networks are drawn before training:
// one table, from which the option, its help and both networks read.
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

namespace digitorch {

struct Initialisation {
  std::string name;
  std::string help;  ///< See choices.h.
  /// Draws a layer's weight, float [outputs, inputs], and bias, float
  /// [outputs], anew from the default generator, in place.
  void (*draw)(torch::Tensor& weight, torch::Tensor& bias);
  /// Whether a new nn::Linear has weights of this kind already.
  bool is_linears_own = false;
};

/// torch: uniform within 1/sqrt(inputs), as nn::Linear does it.
/// he: normal with the standard deviation sqrt(2 / inputs), biases 0 (He et
///   al., "Delving Deep into Rectifiers", 2015). It keeps the size of a signal
///   through layers of ReLU.
/// xavier: normal with the standard deviation sqrt(2 / (inputs + outputs)),
///   biases 0 (Glorot and Bengio, "Understanding the difficulty of training
///   deep feedforward neural networks", 2010). It does the same for tanh.
/// normal: weights and biases with the standard deviation 1, whatever the
///   width, as the first examples of textbooks have it.
const std::vector<Initialisation>& initialisations();

/// Throws std::logic_error where the table has no such name.
const Initialisation& initialisation_named(const std::string& name);

}  // namespace digitorch
