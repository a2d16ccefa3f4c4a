using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;
using MagicFolder.Sync.Explaining;
using MagicFolder.Sync.Resolving;

namespace MagicFolder.Cli.Commands;

/// <summary><c>resolve PATH --take mine|NAME</c>: settles a conflict for everybody.</summary>
internal static class ResolveCommand
{
    internal static Command Create()
    {
        var path = CommonOptions.Path("The file in conflict, or one of its conflict files");
        var take = new Option<string>("--take") { Description = "'mine' keeps what is in place here; the name of a participant takes that one's version", HelpName = "mine|NAME", Required = true };
        var folder = new FolderOptions();
        var actor = CommonOptions.As();
        var command = new Command(
            "resolve",
            """
            Settle a conflict: keep your version, or put that of another participant in its place. The conflict files go, here and on all sides. The versions decided against stay
            in the history. A conflict file that you edited is never removed. The same can be done with files: delete the conflict files to keep yours, or move one over the file.

            Example: magic-folder resolve report.txt --take bob
            """)
        {
            path, take, actor,
        };
        folder.AddTo(command);
        command.SetAction((parsed, cancel) => Failure.GuardAsync(async () =>
        {
            string next = folder.ForNext(parsed, parsed.GetValue(actor));
            var (what, who, actorName) = (parsed.GetRequiredValue(path), parsed.GetRequiredValue(take), parsed.GetValue(actor));
            using (var daemon = await folder.FindDaemonAsync(parsed, actorName, what, cancel))
            {
                if (daemon is not null) return await AskDaemonAsync(daemon, who, next, cancel);
            }
            return await RunAsync(what, who, folder.StateOf(parsed), actorName, next, cancel);
        }));
        return command;
    }

    private static async Task<int> RunAsync(string path, string take, string? state, string? actor, string next, CancellationToken cancel)
    {
        var chosen = ChosenFolder.Choose(state, actor, path);
        await using var acting = await ActingSession.OpenAsync(
            chosen, "settle the conflict with files: delete the conflict files to keep yours, or move one over the file to take it", cancel);
        var result = await new ConflictResolver(acting.Session, acting.Participant).ResolveAsync(chosen.Path!.Value, take, cancel);
        Print(result.Path.ToString(), result.Participant, result.Cleared.Select(file => file.ToString()));
        bool someStopped = acting.ReportStopped();
        if (!result.IsSettled) Console.Error.WriteLine(Printable.Text($"{result.Path}: something changed there meanwhile; see: magic-folder why {TypedWord.Of(result.Path.ToString())}{next}"));
        return someStopped || !result.IsSettled ? ExitStatus.Remains : ExitStatus.Done;
    }

    private static async Task<int> AskDaemonAsync(DaemonFolder daemon, string take, string next, CancellationToken cancel)
    {
        var result = await daemon.SendAsync(
            "/resolve-conflict", new ResolveRequest(daemon.Chosen.Path!.Value.ToString(), take), ApiJson.Default.ResolveRequest, ApiJson.Default.ResolvedDocument, cancel);
        Print(result.Path, result.Participant, result.Cleared);
        if (!result.Settled) Console.Error.WriteLine(Printable.Text($"{result.Path}: something changed there meanwhile; see: magic-folder why {TypedWord.Of(result.Path)}{next}"));
        return result.Settled ? ExitStatus.Done : ExitStatus.Remains;
    }

    private static void Print(string path, string? participant, IEnumerable<string> cleared)
    {
        Console.Out.WriteLine(Printable.Text(participant is not null
            ? $"{path}: the version of {participant} is in place now; the other versions stay in the history."
            : $"{path}: yours stays; the other versions stay in the history."));
        foreach (string file in cleared) Console.Out.WriteLine($"  removed {Printable.Text(file)}");
    }
}
