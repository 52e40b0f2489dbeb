#include "app/commands/backprop/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/report/drawing/layout.h"
#include "models/networks/activation.h"

namespace digitorch {
namespace {

constexpr int64_t kMostInputs = 4;    // with a column for each weight
constexpr int64_t kMostUnits = 16;    // rows of a pass
constexpr int64_t kMostChecked = 24;  // rows of the check

using Row = std::vector<std::string>;

/// Four decimals, or two digits where these would hide a small number.
std::string number(double value) {
  if (value != 0 && std::abs(value) < 0.00005)
    return fmt::format("{:.1e}", value);
  return fmt::format("{:.4f}", value);
}

std::string number(const torch::Tensor& values, int64_t row, int64_t column) {
  return number(values[row][column].item<double>());
}

/// Where a layer has few inputs, a cell for each weight of a unit.
void add_weights(Row& row, const torch::Tensor& weight, int64_t unit) {
  if (weight.size(1) > kMostInputs) return;
  for (int64_t input = 0; input < weight.size(1); ++input)
    row.push_back(number(weight, unit, input));
}

void add_weight_titles(
    Row& heading, const torch::Tensor& weight, const std::string& what
) {
  if (weight.size(1) > kMostInputs) return;
  for (int64_t input = 0; input < weight.size(1); ++input)
    heading.push_back(what + std::to_string(input + 1));
}

/// The note, and that rows are left out where they are.
std::string with_rows(const std::string& note, int64_t all) {
  if (all <= kMostUnits) return note;
  return note + fmt::format(" (first {} of {} units)", kMostUnits, all);
}

TextTable input_table(const LearningStep& step) {
  const torch::Tensor& input = step.example.input;
  TextTable table{"input", "a0, the example", {"input", "value"}, {}};
  for (int64_t i = 0; i < input.size(1); ++i)
    table.rows.push_back({std::to_string(i + 1), number(input, 0, i)});
  return table;
}

/// What layer l + 1 makes of the output of layer l.
TextTable forward_table(
    const LearningStep& step,
    size_t l,
    const std::vector<std::string>& class_names
) {
  const size_t count = step.example.layers.size();
  const bool last = l + 1 == count;
  const DenseLayer& layer = step.example.layers[l];
  TextTable table{
      "forward: " + name_of_layer(l + 1, count),
      with_rows(
          fmt::format(
              "z{0} = W{0} a{1} + b{0},  {2}",
              l + 1,
              l,
              last ? std::string("p = softmax(z)")
                   : fmt::format(
                         "a{0} = {1}(z{0})", l + 1, step.example.activation
                     )
          ),
          layer.weight.size(0)
      ),
      {"unit"},
      {}};
  add_weight_titles(table.heading, layer.weight, "w");
  for (const char* title : {"bias", "z", last ? "p" : "a"})
    table.heading.emplace_back(title);
  if (last) table.heading.emplace_back("target");
  const int64_t rows = std::min(kMostUnits, layer.weight.size(0));
  for (int64_t unit = 0; unit < rows; ++unit) {
    Row row = {
        last ? class_names[static_cast<size_t>(unit)]
             : std::to_string(unit + 1)};
    add_weights(row, layer.weight, unit);
    row.push_back(number(layer.bias[unit].item<double>()));
    row.push_back(number(step.forward.z[l], 0, unit));
    row.push_back(
        number(last ? step.probabilities : step.forward.a[l + 1], 0, unit)
    );
    if (last) row.emplace_back(unit == step.example.label ? "1" : "0");
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string error_formula(const LearningStep& step, size_t l) {
  if (l + 1 < step.example.layers.size())
    return fmt::format(
        "error{0} = (W{1}^T error{1}) * {2}'(z{0})",
        l + 1,
        l + 2,
        step.example.activation
    );
  return step.example.loss.kind == LossKind::cross_entropy
             ? "error = p - target"
             : "error = p * (p - target - sum of p (p - target))";
}

/// The errors of layer l + 1 and the gradients of its weights.
TextTable backward_table(
    const LearningStep& step,
    size_t l,
    const std::vector<std::string>& class_names
) {
  const size_t count = step.example.layers.size();
  const bool last = l + 1 == count;
  const DenseLayer& gradient = step.backward.gradients[l];
  const torch::Tensor& delta = step.backward.delta[l];
  TextTable table{
      "backward: " + name_of_layer(l + 1, count),
      with_rows(
          error_formula(step, l) +
              fmt::format(",  dC/dw{0} = error{0} a{1}", l + 1, l),
          delta.size(1)
      ),
      {"unit"},
      {}};
  torch::Tensor from_above;
  torch::Tensor slope;
  if (!last) {
    from_above =
        step.backward.delta[l + 1].mm(step.example.layers[l + 1].weight);
    slope = activation_named(step.example.activation)
                .slope(step.forward.z[l], step.forward.a[l + 1]);
    table.heading.insert(table.heading.end(), {"W^T err", "slope"});
  }
  table.heading.emplace_back("error");
  add_weight_titles(table.heading, gradient.weight, "dC/dw");
  table.heading.emplace_back("dC/db");
  for (int64_t unit = 0; unit < std::min(kMostUnits, delta.size(1)); ++unit) {
    Row row = {
        last ? class_names[static_cast<size_t>(unit)]
             : std::to_string(unit + 1)};
    if (!last) {
      row.push_back(number(from_above, 0, unit));
      row.push_back(number(slope, 0, unit));
    }
    row.push_back(number(delta, 0, unit));
    add_weights(row, gradient.weight, unit);
    row.push_back(number(gradient.bias[unit].item<double>()));
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// A parameter whose gradient was found in both ways.
struct Checked {
  std::string name;
  double value;
  double gradient;
  double difference;  // the gradient by finite difference
};

void collect(
    std::vector<Checked>& found,
    const std::string& name,
    const torch::Tensor& value,
    const torch::Tensor& gradient,
    const torch::Tensor& difference
) {
  const auto* values = value.const_data_ptr<double>();
  const torch::Tensor gradients = gradient.contiguous();
  const auto* by_hand = gradients.const_data_ptr<double>();
  const auto* tried = difference.const_data_ptr<double>();
  const int64_t columns = value.dim() == 2 ? value.size(1) : 0;
  for (int64_t i = 0; i < value.numel(); ++i) {
    if (std::isnan(tried[i])) continue;
    const std::string at =
        columns == 0 ? fmt::format("{}", i + 1)
                     : fmt::format("{},{}", i / columns + 1, i % columns + 1);
    found.push_back({name + "[" + at + "]", values[i], by_hand[i], tried[i]});
  }
}

TextTable check_table(const LearningStep& step) {
  std::vector<Checked> all;
  for (size_t l = 0; l < step.example.layers.size(); ++l) {
    const DenseLayer& layer = step.example.layers[l];
    const DenseLayer& gradient = step.backward.gradients[l];
    const DenseLayer& difference = step.differences[l];
    const std::string number = std::to_string(l + 1);
    collect(
        all, "W" + number, layer.weight, gradient.weight, difference.weight
    );
    collect(all, "b" + number, layer.bias, gradient.bias, difference.bias);
  }
  TextTable table{
      "check",
      "(C(w + h) - C(w - h)) / 2h for each weight alone, h = 1e-5",
      {"weight",
       "value",
       "gradient",
       "by finite difference",
       "difference",
       "after step"},
      {}};
  if (std::ssize(all) > kMostChecked) {
    std::stable_sort(
        all.begin(),
        all.end(),
        [](const Checked& a, const Checked& b) {
          return std::abs(a.gradient) > std::abs(b.gradient);
        }
    );
    all.resize(kMostChecked);
    table.note += fmt::format("; the {} largest", kMostChecked);
  }
  for (const Checked& each : all)
    table.rows.push_back(
        {each.name,
         number(each.value),
         fmt::format("{:.9f}", each.gradient),
         fmt::format("{:.9f}", each.difference),
         fmt::format("{:.0e}", std::abs(each.gradient - each.difference)),
         number(each.value - step.example.lr * each.gradient)}
    );
  return table;
}

}  // namespace

std::vector<TextTable> tables_of(
    const LearningStep& step, const std::vector<std::string>& class_names
) {
  std::vector<TextTable> tables;
  const size_t layers = step.example.layers.size();
  if (step.example.input.size(1) <= kMostUnits)
    tables.push_back(input_table(step));
  for (size_t l = 0; l < layers; ++l)
    tables.push_back(forward_table(step, l, class_names));
  for (size_t l = layers; l-- > 0;)
    tables.push_back(backward_table(step, l, class_names));
  tables.push_back(check_table(step));
  return tables;
}

std::vector<std::string> results_of(const LearningStep& step) {
  const std::string checked =
      step.checked == step.parameters
          ? "all " + grouped(step.parameters)
          : grouped(step.checked) + " of " + grouped(step.parameters);
  return {
      fmt::format(
          "Both gradients differ by at most {:.1e}, over {} weights and "
          "biases.",
          step.largest_difference,
          checked
      ),
      fmt::format(
          "Loss {:.6f} before the step, {:.6f} after it (learning rate {}).",
          step.backward.loss.item<double>(),
          step.loss_after,
          number_text(step.example.lr, 4)
      )};
}

}  // namespace digitorch
