#include "models/files/safetensors.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "models/text/json_text.h"

namespace digitorch {
namespace {

static_assert(
    std::endian::native == std::endian::little,
    "tensors are copied as memory holds them, which must be little-endian"
);

constexpr size_t kLengthSize = 8;
constexpr size_t kAlignment = 8;  // of the data, by spaces after the header
constexpr size_t kMaxRank = 8;
constexpr char kMetadataKey[] = "__metadata__";

constexpr std::array<std::pair<const char*, torch::ScalarType>, 8> kTypes{{
    {"F64", torch::kFloat64},
    {"F32", torch::kFloat32},
    {"F16", torch::kFloat16},
    {"BF16", torch::kBFloat16},
    {"I64", torch::kInt64},
    {"I32", torch::kInt32},
    {"U8", torch::kUInt8},
    {"BOOL", torch::kBool},
}};

std::string name_of(torch::ScalarType type) {
  for (const auto& [name, known] : kTypes)
    if (known == type) return name;
  TORCH_CHECK(false, "safetensors cannot hold tensors of type ", type);
}

std::optional<torch::ScalarType> type_named(const nlohmann::json& name) {
  for (const auto& [known, type] : kTypes)
    if (name == known) return type;
  return std::nullopt;
}

/// A tensor as the header describes it. Its data are the bytes from `begin` up
/// to `end` of what follows the header.
struct Entry {
  std::string name;
  torch::ScalarType type;
  std::vector<int64_t> shape;
  uint64_t begin;
  uint64_t end;
};

/// Bytes of a tensor; nothing where their number, or a stride, overflows. A
/// dimension of size 0 leaves no bytes, but strides are products of the
/// others.
std::optional<uint64_t> byte_size(
    torch::ScalarType type, const std::vector<int64_t>& shape
) {
  int64_t bytes = static_cast<int64_t>(c10::elementSize(type));
  bool empty = false;
  for (const int64_t size : shape) {
    empty |= size == 0;
    if (__builtin_mul_overflow(bytes, std::max<int64_t>(size, 1), &bytes))
      return std::nullopt;
  }
  return empty ? 0 : bytes;
}

/// The numbers of an array of whole numbers that fit int64; nothing for other
/// JSON.
std::optional<std::vector<int64_t>> whole_numbers(const nlohmann::json& json) {
  if (!json.is_array()) return std::nullopt;
  std::vector<int64_t> numbers;
  for (const nlohmann::json& item : json) {
    if (!item.is_number_unsigned() ||
        item.get<uint64_t>() > static_cast<uint64_t>(INT64_MAX))
      return std::nullopt;
    numbers.push_back(item.get<int64_t>());
  }
  return numbers;
}

Entry read_entry(
    const std::string& name,
    const nlohmann::json& json,
    const std::string& where
) {
  if (!json.is_object() || json.size() != 3 || !json.contains("dtype") ||
      !json.contains("shape") || !json.contains("data_offsets"))
    throw std::runtime_error(
        where +
        ": found something else; expected an object of dtype, shape "
        "and data_offsets"
    );
  const auto type = type_named(json["dtype"]);
  if (!type)
    throw std::runtime_error(
        where +
        ": found an unknown dtype; expected F64, F32, F16, BF16, I64, "
        "I32, U8 or BOOL"
    );
  const auto shape = whole_numbers(json["shape"]);
  if (!shape || shape->size() > kMaxRank)
    throw std::runtime_error(
        where + ": found a bad shape; expected at most " +
        std::to_string(kMaxRank) + " whole numbers"
    );
  const auto offsets = whole_numbers(json["data_offsets"]);
  if (!offsets || offsets->size() != 2)
    throw std::runtime_error(
        where + ": found bad data_offsets; expected two whole numbers"
    );
  const auto begin = static_cast<uint64_t>(offsets->front());
  const auto end = static_cast<uint64_t>(offsets->back());
  if (begin > end || byte_size(*type, *shape) != end - begin)
    throw std::runtime_error(
        where +
        ": found data_offsets that do not fit the dtype and shape; "
        "expected as many bytes as they take"
    );
  return {name, *type, *shape, begin, end};
}

std::map<std::string, std::string> read_metadata(
    const nlohmann::json& json, const std::string& where
) {
  const std::string fault =
      where + ": found something else; expected an object of texts";
  if (!json.is_object()) throw std::runtime_error(fault);
  std::map<std::string, std::string> metadata;
  for (const auto& [key, value] : json.items()) {
    if (!value.is_string()) throw std::runtime_error(fault);
    metadata[key] = value.get<std::string>();
  }
  return metadata;
}

/// The entries must cover the data from its first byte to its last, in order
/// and without overlap. Throws std::runtime_error otherwise.
void check_coverage(
    const std::vector<Entry>& entries,
    uint64_t data_size,
    const std::string& name
) {
  uint64_t covered = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != covered)
      throw std::runtime_error(
          name + ": tensor '" + entry.name + "': found its data at byte " +
          std::to_string(entry.begin) + "; expected " + std::to_string(covered)
      );
    covered = entry.end;
  }
  if (covered != data_size)
    throw std::runtime_error(
        name + ": found " + std::to_string(data_size) +
        " bytes of data; expected " + std::to_string(covered)
    );
}

torch::Tensor copied_tensor(
    const Entry& entry, std::string_view data, const std::string& where
) {
  const std::string_view bytes =
      data.substr(entry.begin, entry.end - entry.begin);
  const auto is_bool = [](char byte) { return byte == 0 || byte == 1; };
  if (entry.type == torch::kBool &&
      !std::all_of(bytes.begin(), bytes.end(), is_bool))
    throw std::runtime_error(
        where + ": found a BOOL that is neither 0 nor 1; expected one of them"
    );
  torch::Tensor tensor = torch::empty(entry.shape, entry.type);
  if (!bytes.empty())
    std::memcpy(tensor.data_ptr(), bytes.data(), bytes.size());
  return tensor;
}

}  // namespace

std::string encode(const SafeTensors& contents) {
  nlohmann::json header = nlohmann::json::object();
  if (!contents.metadata.empty()) header[kMetadataKey] = contents.metadata;
  std::string data;
  for (const auto& [name, given] : contents.tensors) {
    const torch::Tensor tensor = given.detach().cpu().contiguous();
    const size_t begin = data.size();
    if (tensor.nbytes() > 0)
      data.append(
          static_cast<const char*>(tensor.const_data_ptr()), tensor.nbytes()
      );
    TORCH_CHECK(!header.contains(name), "two tensors are named ", name);
    header[name] = {
        {"dtype", name_of(tensor.scalar_type())},
        {"shape", tensor.sizes().vec()},
        {"data_offsets", {begin, data.size()}}};
  }
  std::string text = dump_lenient(header);
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  const uint64_t length = text.size();
  std::string bytes(kLengthSize, '\0');
  std::memcpy(bytes.data(), &length, kLengthSize);
  return bytes + text + data;
}

SafeTensors decode_safetensors(
    std::string_view bytes, const std::string& name
) {
  if (bytes.size() < kLengthSize)
    throw std::runtime_error(
        name + ": found " + std::to_string(bytes.size()) +
        " bytes; expected a safetensors file"
    );
  uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kLengthSize);
  bytes.remove_prefix(kLengthSize);
  if (length > bytes.size())
    throw std::runtime_error(
        name + ": found a header of " + std::to_string(length) +
        " bytes in a file with " + std::to_string(bytes.size()) +
        " left; expected a safetensors file"
    );
  const nlohmann::json header =
      parse_strict(bytes.substr(0, length), name + ": header");
  const std::string_view data = bytes.substr(length);
  if (!header.is_object())
    throw std::runtime_error(name + ": header: found no object; expected one");

  SafeTensors contents;
  std::vector<Entry> entries;
  for (const auto& [key, value] : header.items()) {
    if (key == kMetadataKey)
      contents.metadata = read_metadata(value, name + ": " + key);
    else
      entries.push_back(read_entry(key, value, name + ": tensor '" + key + "'")
      );
  }
  const auto place = [](const Entry& entry) {
    return std::pair(entry.begin, entry.end);
  };
  std::ranges::stable_sort(entries, {}, place);
  check_coverage(entries, data.size(), name);
  for (const Entry& entry : entries)
    contents.tensors.emplace_back(
        entry.name,
        copied_tensor(entry, data, name + ": tensor '" + entry.name + "'")
    );
  return contents;
}

}  // namespace digitorch
