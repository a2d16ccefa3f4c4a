using MagicFolder.Model;
using MagicFolder.Model.Paths;
using MagicFolder.State;

namespace MagicFolder.Sync.Applying;

/// <summary>
/// Trouble with bringing single paths to the disk. Every run goes over all that is pending again, so what one run has to tell replaces what the run before told.
/// </summary>
internal sealed class ApplyProblems(ProblemsTable table, FailedTries failed)
{
    private const string Source = "apply";
    private readonly Dictionary<string, Problem> _now = new(StringComparer.Ordinal);
    private Dictionary<string, Problem>? _stored;

    internal void Begin() => _now.Clear();

    internal void Note(Problem problem) => _now[problem.Path] = problem;

    /// <summary>It is done.</summary>
    internal void Forget(RelativePath path)
    {
        failed.Forget(path);
        // A former pass of the same run may have failed.
        if (_now.Count > 0) _now.Remove(path.ToString());
    }

    /// <summary>What lasts is not written again: that would be a flush in each round.</summary>
    internal void Store()
    {
        if (_stored is not null && _stored.Count == _now.Count && _now.All(problem => _stored.TryGetValue(problem.Key, out var stored) && stored == problem.Value)) return;
        table.Replace(Source, [.. _now.Values]);
        _stored = new Dictionary<string, Problem>(_now, StringComparer.Ordinal);
    }
}
