namespace MagicFolder.Model.Planning;

/// <summary>
/// Many entries vanishing at once are more often an accident (a wrong directory, a failing disk) than a wish: pause and ask.
/// (docs/decisions/0005-deletion-guard.md says why small folders are exempt.)
/// </summary>
public static class DeletionGuard
{
    private const long LargeCount = 50;
    private const long SmallestWhole = 10;

    /// <summary>
    /// Entries that count as vanished: of the files and links as many as are lost, of the directories the same part; nothing when only directories go.
    /// </summary>
    /// <param name="going">All entries that go.</param>
    /// <param name="withContent">Those of them that are files or links.</param>
    /// <param name="lost">Those of these whose content is nowhere else in the folder.</param>
    public static long Lost(long going, long withContent, long lost) => withContent == 0 ? 0 : (long)Math.Ceiling((double)going * lost / withContent);

    /// <param name="vanished">Entries that vanished at once.</param>
    /// <param name="total">Entries there were before.</param>
    public static bool Holds(long vanished, long total) =>
        (vanished >= LargeCount && vanished * 4 >= total) || (vanished >= total && total >= SmallestWhole);
}
