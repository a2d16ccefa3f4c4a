using System.Text.Json;
using MagicFolder.Daemon.Folders;
using MagicFolder.Sync;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MagicFolder.Daemon.Api;

/// <summary>The requests that the daemon answers (docs/api.md). Paths are those of the Python magic-folder where it has the function.</summary>
internal sealed class FolderEndpoints(FolderHost host)
{
    private const int LongestBody = 64 * 1024;

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/status", StatusAsync);
        routes.MapGet("/v1/magic-folder", ListAsync);
        routes.MapPost("/v1/magic-folder", AddAsync);
        routes.MapDelete("/v1/magic-folder/{name}", LeaveAsync);
        routes.MapGet("/v1/magic-folder/{name}/participants", context => AnswerAsync(context, StatusView.Of(Named(context)).Participants.ToList(), ApiJson.Default.ListParticipantDocument));
        // The Python magic-folder asks for these with GET; what changes something is rightly a POST.
        routes.MapMethods("/v1/magic-folder/{name}/scan-local", ["GET", "POST"], LookAsync);
        routes.MapMethods("/v1/magic-folder/{name}/poll-remote", ["GET", "POST"], LookAsync);
        routes.MapPost("/v1/magic-folder/{name}/pause", context => DoAsync(context, folder => folder.PauseAsync()));
        routes.MapPost("/v1/magic-folder/{name}/recover", RecoverAsync);
        routes.MapPost("/v1/magic-folder/{name}/resume", context => DoAsync(context, folder => folder.ResumeAsync()));
    }

    private Task StatusAsync(HttpContext context) => context.WebSockets.IsWebSocketRequest
        ? new EventStream(host).SendAsync(context)
        : AnswerAsync(context, StatusView.Of(host), ApiJson.Default.StatusDocument);

    private Task ListAsync(HttpContext context)
    {
        var configuration = host.Environment.Configuration;
        IReadOnlyDictionary<string, ListedFolder> listed = host.All.ToDictionary(
            folder => folder.Name,
            folder => new ListedFolder(
                folder.Name, new ListedAuthor(folder.Self.Name), configuration.PollSeconds, configuration.ScanSeconds, folder.IsAdmin, Path.Combine(folder.Self.Path, ".magic-folder"), folder.Self.Path));
        return AnswerAsync(context, listed, PythonJson.Default.IReadOnlyDictionaryStringListedFolder);
    }

    private async Task AddAsync(HttpContext context)
    {
        if (await ReadAsync(context.Request, ApiJson.Default.AddRequest) is not { Name: { } name, Author: { } author, Directory: { } directory })
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "The body has to be JSON with name, author and directory.");
            return;
        }
        var folder = await host.AddAsync(name, author, directory, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status201Created;
        await AnswerAsync(context, StatusView.Of(folder), ApiJson.Default.FolderDocument);
    }

    private async Task LeaveAsync(HttpContext context) =>
        await AnswerAsync(context, new LeftDocument(await host.LeaveAsync(NameIn(context), context.RequestAborted)), ApiJson.Default.LeftDocument);

    private async Task RecoverAsync(HttpContext context)
    {
        var folder = Named(context);
        string? former = await folder.RecoverAsync(context.RequestAborted);
        await AnswerAsync(context, new RecoveredDocument(former, folder.IsPaused), ApiJson.Default.RecoveredDocument);
    }

    private async Task LookAsync(HttpContext context)
    {
        if (await Named(context).LookNowAsync(context.RequestAborted) is { } reason) await RefuseAsync(context, StatusCodes.Status409Conflict, reason);
        else await context.Response.WriteAsync("{}");
    }

    private async Task DoAsync(HttpContext context, Func<HostedFolder, Task> act)
    {
        await act(Named(context));
        await context.Response.WriteAsync("{}");
    }

    /// <exception cref="RefusedException">There is none of that name.</exception>
    private HostedFolder Named(HttpContext context) => host.Find(NameIn(context));

    private static string NameIn(HttpContext context) => (string)context.Request.RouteValues["name"]!;

    internal static async Task<T?> ReadAsync<T>(HttpRequest request, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        if (request.ContentLength is null or > LongestBody) return null;
        try
        {
            return await JsonSerializer.DeserializeAsync(request.Body, type, request.HttpContext.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        return AnswerAsync(context, new ErrorDocument(reason), ApiJson.Default.ErrorDocument);
    }

    internal static Task AnswerAsync<T>(HttpContext context, T document, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => context.Response.WriteAsJsonAsync(document, type);
}
