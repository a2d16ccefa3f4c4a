using MagicFolder.Daemon.Folders;
using MagicFolder.Sync.Collecting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MagicFolder.Daemon.Api;

/// <summary>Freeing what no history refers to any more (docs/api.md).</summary>
internal sealed class CollectionEndpoints(FolderHost host)
{
    internal void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/gc", CollectAsync);

    private async Task CollectAsync(HttpContext context)
    {
        var request = await FolderEndpoints.ReadAsync(context.Request, ApiJson.Default.CollectRequest);
        if (request is null && context.Request.ContentLength is not (null or 0))
        {
            await FolderEndpoints.RefuseAsync(context, StatusCodes.Status400BadRequest, "The body has to be JSON with dryRun, or empty.");
            return;
        }
        bool pretend = request?.DryRun ?? false;
        var folders = await HostCollection.CollectAsync(host, pretend, context.RequestAborted);
        await FolderEndpoints.AnswerAsync(context, DocumentOf(folders, pretend), ApiJson.Default.CollectedDocument);
    }

    private static CollectedDocument DocumentOf(IEnumerable<FolderCollection> folders, bool pretend) => new(
        pretend, [.. folders.Select(one => new CollectedFolderDocument(one.Folder, one.Kept, one.Freed, one.Bytes, one.Leased, one.Rewritten, one.RewrittenBytes, one.Reason))]);
}
