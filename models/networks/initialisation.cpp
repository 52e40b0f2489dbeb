#include "models/networks/initialisation.h"

#include <cmath>

#include "models/options/choices.h"

namespace digitorch {
namespace {

using torch::Tensor;

double inputs_of(const Tensor& weight) {
  return static_cast<double>(weight.size(1));
}

double outputs_of(const Tensor& weight) {
  return static_cast<double>(weight.size(0));
}

}  // namespace

const std::vector<Initialisation>& initialisations() {
  static const std::vector<Initialisation> table = {
      {"torch",
       "uniform within 1/sqrt(inputs)",
       [](Tensor& weight, Tensor& bias) {
         const double bound = 1 / std::sqrt(inputs_of(weight));
         weight.uniform_(-bound, bound);
         bias.uniform_(-bound, bound);
       },
       /*is_linears_own=*/true},
      {"he",
       "for relu",
       [](Tensor& weight, Tensor& bias) {
         weight.normal_(0, std::sqrt(2 / inputs_of(weight)));
         bias.zero_();
       }},
      {"xavier",
       "for tanh and sigmoid",
       [](Tensor& weight, Tensor& bias) {
         weight.normal_(
             0, std::sqrt(2 / (inputs_of(weight) + outputs_of(weight)))
         );
         bias.zero_();
       }},
      {"normal", "the same for all widths", [](Tensor& weight, Tensor& bias) {
         weight.normal_();
         bias.normal_();
       }}};
  return table;
}

const Initialisation& initialisation_named(const std::string& name) {
  return row_named(initialisations(), name, "initialisation");
}

}  // namespace digitorch
