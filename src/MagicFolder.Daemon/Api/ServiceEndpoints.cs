using MagicFolder.Daemon.Folders;
using MagicFolder.Sync;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MagicFolder.Daemon.Api;

/// <summary>What those ask who look after the daemon: is it well, what did it do, which requests are there (docs/api.md).</summary>
internal sealed class ServiceEndpoints(FolderHost host)
{
    internal const string HealthPath = "/v1/health";

    private const string DescriptionResource = "openapi.json";

    /// <summary>Anybody on this computer may ask, as often as it likes; looking is not free.</summary>
    private static readonly TimeSpan HealthIsGoodFor = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private HealthDocument? _health;
    private long _healthAt;

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(HealthPath, HealthAsync);
        routes.MapGet("/v1/metrics", MetricsAsync);
        routes.MapGet("/v1/openapi.json", DescribeAsync);
    }

    /// <summary>The description of all requests, OpenAPI 3.1.</summary>
    internal static Stream OpenDescription() => typeof(ServiceEndpoints).Assembly.GetManifestResourceStream(DescriptionResource)!;

    private Task HealthAsync(HttpContext context)
    {
        HealthDocument health;
        lock (_lock)
        {
            if (_health is null || host.Environment.Time.GetElapsedTime(_healthAt) > HealthIsGoodFor) (_health, _healthAt) = (LookAtHealth(), host.Environment.Time.GetTimestamp());
            health = _health;
        }
        if (!health.Healthy) context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return FolderEndpoints.AnswerAsync(context, health, ApiJson.Default.HealthDocument);
    }

    private HealthDocument LookAtHealth()
    {
        try
        {
            return HealthView.Of(StatusView.Of(host));
        }
        catch (Exception e) when (KnownTrouble.Is(e))
        {
            // Its message would name places.
            return new HealthDocument(false, ["How everything stands cannot be told; 'magic-folder status' says why."]);
        }
    }

    private Task MetricsAsync(HttpContext context)
    {
        string text = MetricsText.Of(StatusView.Of(host), host.All);
        context.Response.ContentType = MetricsText.ContentType;
        return context.Response.WriteAsync(text);
    }

    private static async Task DescribeAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        await using var description = OpenDescription();
        await description.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
