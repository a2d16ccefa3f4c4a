using MagicFolder.Model;
using MagicFolder.Model.Paths;
using MagicFolder.State;

namespace MagicFolder.Sync.Applying;

/// <summary>
/// Trouble with bringing single paths to the disk. Every run tries all that is pending again, so what one run has to tell replaces what the run before told.
/// </summary>
internal sealed class ApplyProblems(ProblemsTable table)
{
    private const string Source = "apply";
    private readonly Dictionary<string, Problem> _now = new(StringComparer.Ordinal);
    private bool _hasStored = true;

    internal void Begin() => _now.Clear();

    internal void Note(Problem problem) => _now[problem.Path] = problem;

    /// <summary>A later pass of the same run succeeded.</summary>
    internal void Forget(RelativePath path)
    {
        if (_now.Count > 0) _now.Remove(path.ToString());
    }

    internal void Store()
    {
        if (_now.Count == 0 && !_hasStored) return;
        table.Replace(Source, [.. _now.Values]);
        _hasStored = _now.Count > 0;
    }
}
