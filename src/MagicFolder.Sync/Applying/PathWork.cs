using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Applying;

/// <summary>All steps for one pending path. It stops being pending only when every one of them is done.</summary>
internal sealed class PathWork(RelativePath path)
{
    private readonly List<ApplyStep> _steps = [];

    internal RelativePath Path { get; } = path;

    internal IReadOnlyList<ApplyStep> Steps => _steps;

    /// <summary>Something stood in the way (a local change, trouble): the path stays pending.</summary>
    internal bool IsHeldBack { get; set; }

    /// <summary>It turned out that all has to stay as it is.</summary>
    internal bool ChangesNothing { get; set; }

    internal bool IsComplete => !IsHeldBack && _steps.TrueForAll(step => step.IsDone);

    internal bool IsWellBefore(ApplyStep step) => !IsHeldBack && Before(step).All(s => s.IsDone);

    /// <summary>What is to stand beside does. Before that nothing takes the place of a version: nobody else may have it yet, and this disk would have it nowhere.</summary>
    internal bool StandsBesideBefore(ApplyStep step) => Before(step).All(s => s.IsDone || !s.StandsBeside);

    internal void Add(ApplyStep step) => _steps.Add(step);

    private IEnumerable<ApplyStep> Before(ApplyStep step) => _steps.TakeWhile(s => s != step);
}
