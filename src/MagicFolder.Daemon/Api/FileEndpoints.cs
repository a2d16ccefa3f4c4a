using System.Globalization;
using MagicFolder.Daemon.Folders;
using MagicFolder.Model.Materialized;
using MagicFolder.State;
using MagicFolder.Sync.Resolving;
using MagicFolder.Sync.Viewing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MagicFolder.Daemon.Api;

/// <summary>What is here of single files, from the state: no grid is asked (docs/api.md).</summary>
internal sealed class FileEndpoints(FolderHost host)
{
    private const int UsualChanges = 30;
    private const int MostChanges = 10_000;
    private const double NsPerSecond = 1e9;

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/magic-folder/{name}/conflicts", context => FolderEndpoints.AnswerAsync(context, Named(context).Read(ConflictsOf), ApiJson.Default.IReadOnlyDictionaryStringIReadOnlyListString));
        routes.MapGet("/v1/magic-folder/{name}/file-status", context => FolderEndpoints.AnswerAsync(context, Named(context).Read(FilesOf), PythonJson.Default.ListFileStatus));
        routes.MapGet("/v1/magic-folder/{name}/recent-changes", RecentAsync);
    }

    private Task RecentAsync(HttpContext context)
    {
        int number = UsualChanges;
        if (context.Request.Query["number"] is [{ } given, ..] && (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number is < 1 or > MostChanges))
            return FolderEndpoints.RefuseAsync(context, StatusCodes.Status400BadRequest, $"number takes 1 to {MostChanges}.");
        return FolderEndpoints.AnswerAsync(context, Named(context).Read(view => ChangesOf(view, number)), PythonJson.Default.ListRecentChange);
    }

    private static IReadOnlyDictionary<string, IReadOnlyList<string>> ConflictsOf(FolderView view) => ConflictList.Of(view).ToDictionary(
        conflict => conflict.Path.ToString(), IReadOnlyList<string> (conflict) => [.. conflict.Siblings.Where(sibling => !sibling.IsMain).Select(sibling => sibling.Participant)]);

    private static List<FileStatus> FilesOf(FolderView view) =>
        [.. view.State.Records.NewestFiles(FileTime.Modified, long.MaxValue).Select(file => new FileStatus(file.Path.ToString(), Modified(file), file.Value.Size))];

    private static List<RecentChange> ChangesOf(FolderView view, int number) =>
    [
        .. view.State.Records.NewestFiles(FileTime.Changed, number).Select(file => new RecentChange(
            file.Path.ToString(), Modified(file), file.Signature.CtimeNs / NsPerSecond, view.State.ConflictFiles.ForMain(file.Path).Count > 0)),
    ];

    private static double Modified(MaterializedRecord file) => file.Value.MtimeNs / NsPerSecond;

    /// <exception cref="Sync.RefusedException">There is none of that name.</exception>
    private HostedFolder Named(HttpContext context) => host.Find((string)context.Request.RouteValues["name"]!);
}
