#include "app/serve/http/origin.h"

#include <arpa/inet.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "app/system/text.h"

namespace digitorch {
namespace {

struct HostAndPort {
  std::string name;  // an IPv6 address without its brackets
  std::string port;  // empty where none is given
};

HostAndPort split(const std::string& host) {
  if (!host.starts_with('[')) {
    const std::size_t colon = std::min(host.find(':'), host.size());
    return {
        lower_case(host.substr(0, colon)),
        host.substr(std::min(colon + 1, host.size()))};
  }
  const std::size_t bracket = host.find(']');
  if (bracket == std::string::npos) return {};
  const std::string rest = host.substr(bracket + 1);
  return {
      lower_case(host.substr(1, bracket - 1)),
      rest.starts_with(':') ? rest.substr(1) : ""};
}

bool is_ip_address(const std::string& name) {
  in6_addr address{};
  return inet_pton(AF_INET, name.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, name.c_str(), &address) == 1;
}

std::string own_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0
             ? lower_case(name.data())
             : "";
}

}  // namespace

bool is_own_host(
    const std::string& host, const std::string& address, uint16_t port
) {
  const HostAndPort given = split(host);
  if (given.name.empty()) return false;
  const std::string expected = std::to_string(port);
  if (given.port != expected && !(given.port.empty() && port == 80))
    return false;
  return is_ip_address(given.name) || given.name == "localhost" ||
         given.name == lower_case(address) || given.name == own_name();
}

bool is_own_origin(const std::string& origin, const std::string& host) {
  return origin.empty() || lower_case(origin) == "http://" + lower_case(host);
}

}  // namespace digitorch
