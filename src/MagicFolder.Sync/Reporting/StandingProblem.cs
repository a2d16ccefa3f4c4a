using MagicFolder.Model;

namespace MagicFolder.Sync.Reporting;

/// <summary>The one problem that a source may have in the state. Remembers whether there can be one, so that nothing is asked while all is well.</summary>
internal sealed class StandingProblem(EngineParts parts, string source)
{
    private bool _mayBeThere = true;

    internal bool IsThere => _mayBeThere && (_mayBeThere = parts.State.Problems.Has(source));

    internal void Set(Problem problem)
    {
        parts.State.Problems.Replace(source, [problem]);
        _mayBeThere = true;
    }

    internal void Clear()
    {
        if (_mayBeThere) parts.State.Problems.Replace(source, []);
        _mayBeThere = false;
    }
}
