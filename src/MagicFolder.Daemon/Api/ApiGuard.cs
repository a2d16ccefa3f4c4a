using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace MagicFolder.Daemon.Api;

/// <summary>
/// Lets through what comes from this computer and shows the token. A web page that a browser of this computer has open is not let through: neither under another name for the address
/// (DNS rebinding shows in Host), nor from another origin, and it has no token.
/// </summary>
internal sealed class ApiGuard(string token)
{
    private const string Scheme = "Bearer ";
    private readonly byte[] _token = Encoding.ASCII.GetBytes(token);

    internal Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (!IsLoopback(request.Host)) return Refuse(context, HttpStatusCode.Forbidden, "This is not the name of the daemon; use 127.0.0.1.");
        if (request.Headers.Origin is [{ Length: > 0 } origin, ..] && !string.Equals(origin, $"http://{request.Host}", StringComparison.OrdinalIgnoreCase))
            return Refuse(context, HttpStatusCode.Forbidden, "Web pages of others may not talk to the daemon.");
        return IsOpen(request) || HasToken(request) ? next(context) : Refuse(context, HttpStatusCode.Unauthorized, "The token is missing or an old one; it stands in the file api_token of the configuration directory.");
    }

    /// <summary>Whether all is well may be asked by supervisors that have no token.</summary>
    private static bool IsOpen(HttpRequest request) => HttpMethods.IsGet(request.Method) && request.Path == ServiceEndpoints.HealthPath;

    private static bool IsLoopback(HostString host) =>
        string.Equals(host.Host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private bool HasToken(HttpRequest request) =>
        request.Headers.Authorization is [{ } given, ..] && given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(given[Scheme.Length..].Trim()), _token);

    private static Task Refuse(HttpContext context, HttpStatusCode status, string reason)
    {
        context.Response.StatusCode = (int)status;
        return context.Response.WriteAsJsonAsync(new ErrorDocument(reason), ApiJson.Default.ErrorDocument);
    }
}
