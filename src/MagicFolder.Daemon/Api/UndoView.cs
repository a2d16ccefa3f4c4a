using MagicFolder.Sync.Undoing;

namespace MagicFolder.Daemon.Api;

/// <summary>What was undone, as a document.</summary>
public static class UndoView
{
    public static UndoneDocument Of(UndoRequest request, UndoResult result)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(result);
        return new UndoneDocument(
            request.By, request.SinceMs, request.Pretend, [.. result.Paths.Select(one => new UndonePathDocument(one.Path.ToString(), ActionOf(one.Action)))],
            [.. result.Problems.Select(problem => new ProblemDocument(problem.Path, problem.Reason, problem.Advice))]);
    }

    private static string ActionOf(UndoAction action) => action switch
    {
        UndoAction.BroughtBack => "brought-back",
        UndoAction.Removed => "removed",
        _ => "reverted",
    };
}
