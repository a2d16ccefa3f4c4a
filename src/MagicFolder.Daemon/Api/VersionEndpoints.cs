using System.Text;
using MagicFolder.Daemon.Folders;
using MagicFolder.Model.Paths;
using MagicFolder.Sync;
using MagicFolder.Sync.Resolving;
using MagicFolder.Sync.Restoring;
using MagicFolder.Sync.Undoing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MagicFolder.Daemon.Api;

/// <summary>What changes the versions of a folder beside its files: settling conflicts, restoring, letting deletions go on (docs/api.md).</summary>
internal sealed class VersionEndpoints(FolderHost host)
{
    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/magic-folder/{name}/resolve-conflict", ResolveAsync);
        routes.MapPost("/v1/magic-folder/{name}/restore", RestoreAsync);
        routes.MapPost("/v1/magic-folder/{name}/undo", UndoAsync);
        routes.MapPost("/v1/magic-folder/{name}/confirm", ConfirmAsync);
    }

    private async Task ResolveAsync(HttpContext context)
    {
        if (await FolderEndpoints.ReadAsync(context.Request, ApiJson.Default.ResolveRequest) is not { Relpath: { } text, Resolution: { } take } || ReadPath(text) is not { IsRoot: false } path)
        {
            await FolderEndpoints.RefuseAsync(context, StatusCodes.Status400BadRequest, "The body has to be JSON with relpath, a path relative to the folder, and resolution.");
            return;
        }
        var result = await Named(context).ActAsync(
            new EngineOptions(), (session, cancel) => new ConflictResolver(session, session.Participants[0]).ResolveAsync(path, take, cancel), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status201Created;
        await FolderEndpoints.AnswerAsync(
            context, new ResolvedDocument(result.Path.ToString(), result.Participant, [.. result.Cleared.Select(file => file.ToString())], result.IsSettled), ApiJson.Default.ResolvedDocument);
    }

    private async Task RestoreAsync(HttpContext context)
    {
        var body = await FolderEndpoints.ReadAsync(context.Request, ApiJson.Default.RestoreBody);
        if (body is not { Relpath: { } text } || body.Version is null == body.At is null || ReadPath(text) is not { } path || body.At is { } at && !(Math.Abs(at) < 1e12))
        {
            await FolderEndpoints.RefuseAsync(context, StatusCodes.Status400BadRequest, "The body has to be JSON with relpath, a path relative to the folder, and either version or at, in seconds since 1970.");
            return;
        }
        var request = new RestoreRequest(path, body.Version, body.At is { } seconds ? (long)(seconds * 1000) : null);
        var result = await Named(context).ActAsync(
            new EngineOptions(), (session, cancel) => new InPlaceRestorer(session, session.Participants[0]).RestoreAsync(request, cancel), context.RequestAborted);
        await FolderEndpoints.AnswerAsync(
            context,
            new RestoredDocument(
                path.ToString(), result.Snapshot.ShownVersion, result.Snapshot.Participant, result.Snapshot.TimeMs, result.Restored, result.Unchanged,
                [.. result.Problems.Select(problem => new ProblemDocument(problem.Path, problem.Reason, problem.Advice))]),
            ApiJson.Default.RestoredDocument);
    }

    private async Task UndoAsync(HttpContext context)
    {
        if (await FolderEndpoints.ReadAsync(context.Request, ApiJson.Default.UndoBody) is not { By: { Length: > 0 } by, Since: { } since } body || !(Math.Abs(since) < 1e12))
        {
            await FolderEndpoints.RefuseAsync(context, StatusCodes.Status400BadRequest, "The body has to be JSON with by, a participant, since, in seconds since 1970, and dryRun, if nothing is to be changed.");
            return;
        }
        var request = new UndoRequest(by, (long)(since * 1000), body.DryRun);
        var result = await Named(context).ActAsync(
            new EngineOptions(), (session, cancel) => new ParticipantUndo(session, session.Participants[0]).UndoAsync(request, cancel), context.RequestAborted);
        await FolderEndpoints.AnswerAsync(context, UndoView.Of(request, result), ApiJson.Default.UndoneDocument);
    }

    /// <summary>What the deletion guard holds back goes on, once.</summary>
    private async Task ConfirmAsync(HttpContext context)
    {
        var folder = Named(context);
        // It is left alone, and may have been paused because of these deletions.
        folder.RefusePaused();
        await folder.ActAsync(
            new EngineOptions { ConfirmDeletions = true },
            async (session, stop) =>
            {
                await session.RunToRestAsync(stop);
                return session.Participants.FirstOrDefault(participant => participant.IsStopped)?.StopReason is { } reason ? throw new RefusedException(reason) : true;
            },
            context.RequestAborted);
        await context.Response.WriteAsync("{}");
    }

    /// <summary>Relative to the folder; <c>.</c> for the folder itself. Null when it is none.</summary>
    internal static RelativePath? ReadPath(string text) =>
        text == "." ? RelativePath.Root : RelativePath.TryParse(Encoding.UTF8.GetBytes(text), out var path, out _) && !path.IsReserved ? path : null;

    /// <exception cref="RefusedException">There is none of that name.</exception>
    private HostedFolder Named(HttpContext context) => host.Find((string)context.Request.RouteValues["name"]!);
}
