using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Reporting;

/// <summary>What one round of one participant did.</summary>
/// <param name="Joined">Remote snapshots joined.</param>
/// <param name="Captured">Local changes recorded as versions.</param>
/// <param name="Applied">Paths brought to what the tree says.</param>
/// <param name="Published">Was a snapshot published?</param>
/// <param name="LookAgain">Paths that changed while they were looked at: they need another look soon.</param>
public sealed record RoundReport(int Joined, int Captured, int Applied, bool Published, IReadOnlyCollection<RelativePath> LookAgain)
{
    /// <summary>Publishing waits for the next round, since something has to be stored again first.</summary>
    public bool IsPutOff { get; init; }

    /// <summary>Something has vanished, and a file of rules has to settle before that counts.</summary>
    public bool HasLeftVanished { get; init; }

    /// <summary>Something failed a moment ago and was not tried again.</summary>
    public bool HasLeftForLater { get; init; }

    /// <summary>Did anything change, so that another round may find more to do?</summary>
    public bool DidSomething => Joined > 0 || Captured > 0 || Applied > 0 || Published || IsPutOff;
}
