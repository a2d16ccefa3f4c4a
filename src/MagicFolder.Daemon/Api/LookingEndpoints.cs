using MagicFolder.Daemon.Folders;
using MagicFolder.Grid;
using MagicFolder.Sync.Checking;
using MagicFolder.Sync.Explaining;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MagicFolder.Daemon.Api;

/// <summary>What is told of a folder beside its loop, which goes on meanwhile: what was, what is with a path, what stands beside what, whether all is there (docs/api.md).</summary>
internal sealed class LookingEndpoints(FolderHost host)
{
    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/magic-folder/{name}/history", HistoryAsync);
        routes.MapGet("/v1/magic-folder/{name}/why", WhyAsync);
        routes.MapGet("/v1/magic-folder/{name}/conflict-versions", context => FolderEndpoints.AnswerAsync(context, Named(context).Read(ConflictView.Of), ApiJson.Default.ConflictsDocument));
        routes.MapPost("/v1/magic-folder/{name}/publish", PublishAsync);
        routes.MapPost("/v1/magic-folder/{name}/check", CheckAsync);
    }

    private async Task HistoryAsync(HttpContext context)
    {
        if (VersionEndpoints.ReadPath(context.Request.Query["path"] is [{ } text, ..] ? text : ".") is not { } path)
        {
            await FolderEndpoints.RefuseAsync(context, StatusCodes.Status400BadRequest, "path takes a path relative to the folder.");
            return;
        }
        var cancel = context.RequestAborted;
        var history = await Named(context).LookAsync(async (view, openGrid) => await HistoryView.ReadAsync(view, await openGrid(cancel), path, cancel));
        await FolderEndpoints.AnswerAsync(context, history, ApiJson.Default.HistoryDocument);
    }

    private async Task WhyAsync(HttpContext context)
    {
        if (context.Request.Query["path"] is not [{ } text, ..] || VersionEndpoints.ReadPath(text) is not { } path)
        {
            await FolderEndpoints.RefuseAsync(context, StatusCodes.Status400BadRequest, "path is to be given, relative to the folder; . is the folder itself.");
            return;
        }
        var folder = Named(context);
        var why = await folder.LookAsync((view, openGrid) => WhyView.ReadAsync(view, path, openGrid, $" --folder {TypedWord.Of(folder.Name)}", context.RequestAborted));
        await FolderEndpoints.AnswerAsync(context, why, ApiJson.Default.WhyDocument);
    }

    private async Task PublishAsync(HttpContext context)
    {
        var environment = host.Environment;
        var folder = Named(context);
        var cancel = context.RequestAborted;
        var published = await folder.LookAsync(async (view, openGrid) => await PublishView.PublishAsync(
            view, await openGrid(cancel), folder.StateDirectory, environment.NewKeys, environment.Convergence(), environment.Time, cancel));
        await FolderEndpoints.AnswerAsync(context, published, ApiJson.Default.PublishedDocument);
    }

    private async Task CheckAsync(HttpContext context)
    {
        var request = await FolderEndpoints.ReadAsync(context.Request, ApiJson.Default.CheckRequest);
        if (request is null && context.Request.ContentLength is not (null or 0))
        {
            await FolderEndpoints.RefuseAsync(context, StatusCodes.Status400BadRequest, "The body has to be JSON with repair, or empty.");
            return;
        }
        bool repair = request?.Repair ?? false;
        var cancel = context.RequestAborted;
        var check = await Named(context).LookAsync(async (view, openGrid) =>
        {
            var grid = await openGrid(cancel);
            var checker = new FolderChecker(view, grid, (IGridCare)grid, host.Environment.Time);
            return FolderCheckView.Of(view, await checker.CheckAsync(repair, cancel), checker.Progress, repair);
        });
        await FolderEndpoints.AnswerAsync(context, check, ApiJson.Default.FolderCheckDocument);
    }

    /// <exception cref="Sync.RefusedException">There is none of that name.</exception>
    private HostedFolder Named(HttpContext context) => host.Find((string)context.Request.RouteValues["name"]!);
}
