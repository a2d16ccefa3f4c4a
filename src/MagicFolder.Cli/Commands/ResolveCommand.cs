using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Sync.Resolving;

namespace MagicFolder.Cli.Commands;

/// <summary><c>resolve PATH --take mine|NAME</c>: settles a conflict for everybody.</summary>
internal static class ResolveCommand
{
    internal static Command Create()
    {
        var path = CommonOptions.Path("The file in conflict, or one of its conflict files");
        var take = new Option<string>("--take") { Description = "'mine' keeps what is in place here; the name of a participant takes that one's version", HelpName = "mine|NAME", Required = true };
        var state = CommonOptions.State();
        var actor = CommonOptions.As();
        var command = new Command(
            "resolve",
            """
            Settle a conflict: keep your version, or put that of another participant in its place. The conflict files go, here and on all sides. The versions decided against stay
            in the history. A conflict file that you edited is never removed. The same can be done with files: delete the conflict files to keep yours, or move one over the file.

            Example: magic-folder resolve report.txt --take bob
            """)
        {
            path, take, state, actor,
        };
        command.SetAction((parsed, cancel) => Failure.GuardAsync(() => RunAsync(
            parsed.GetRequiredValue(path), parsed.GetRequiredValue(take), parsed.GetValue(state), parsed.GetValue(actor), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(string path, string take, string? state, string? actor, CancellationToken cancel)
    {
        var chosen = ChosenFolder.Choose(state, actor, path);
        await using var acting = await ActingSession.OpenAsync(
            chosen, "settle the conflict with files: delete the conflict files to keep yours, or move one over the file to take it", cancel);
        var result = await new ConflictResolver(acting.Session, acting.Participant).ResolveAsync(chosen.Path!.Value, take, cancel);
        Console.Out.WriteLine(result.Participant is { } other
            ? $"{result.Path}: the version of {other} is in place now; the other versions stay in the history."
            : $"{result.Path}: yours stays; the other versions stay in the history.");
        foreach (var file in result.Cleared) Console.Out.WriteLine($"  removed {file}");
        bool someStopped = acting.ReportStopped();
        if (!result.IsSettled) Console.Error.WriteLine($"{result.Path}: something changed there meanwhile; see 'magic-folder why {result.Path}'.");
        return someStopped || !result.IsSettled ? ExitStatus.Remains : ExitStatus.Done;
    }
}
