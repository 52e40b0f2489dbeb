// Which web pages may talk to a server on this machine.
#pragma once

#include <cstdint>
#include <string>

namespace digitorch {

/// Whether a request with this Host header is meant for the server that listens
/// at `address` and `port`. An attacker's web page can reach a server on the
/// reader's own machine by a domain name of his that suddenly resolves to
/// 127.0.0.1 (DNS rebinding); then the Host header holds that name. So names
/// are refused, except "localhost", the machine's own name and `address` as the
/// user gave it. A literal IP address cannot be rebound and is accepted.
bool is_own_host(
    const std::string& host, const std::string& address, uint16_t port
);

/// Whether the Origin header, which browsers send with every POST, is empty or
/// names the page of the server itself: "http://" followed by the Host header.
bool is_own_origin(const std::string& origin, const std::string& host);

}  // namespace digitorch
