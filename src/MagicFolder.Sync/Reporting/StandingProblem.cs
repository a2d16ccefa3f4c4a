using MagicFolder.Model;
using MagicFolder.State;

namespace MagicFolder.Sync.Reporting;

/// <summary>The one problem that a source may have in the state. Remembers whether there can be one, so that nothing is asked while all is well.</summary>
internal sealed class StandingProblem(ProblemsTable problems, string source)
{
    private bool _mayBeThere = true;

    internal bool IsThere => _mayBeThere && (_mayBeThere = problems.Has(source));

    internal void Set(Problem problem)
    {
        problems.Replace(source, [problem]);
        _mayBeThere = true;
    }

    internal void Clear()
    {
        if (_mayBeThere) problems.Replace(source, []);
        _mayBeThere = false;
    }
}
