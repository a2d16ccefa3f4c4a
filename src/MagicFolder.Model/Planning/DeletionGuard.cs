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

    /// <summary>
    /// Entries that count as vanished where some are held already: those that were put back since count as if they were missing still. That they were put back says that it was an accident, and nobody has
    /// let go of the rest.
    /// </summary>
    /// <param name="held">How many would go when it was held.</param>
    /// <param name="going">All entries that go now.</param>
    /// <param name="lost">Those of them that count as vanished.</param>
    public static long Standing(long held, long going, long lost) => lost == 0 ? 0 : lost + Math.Max(0, held - going);

    /// <param name="vanished">Entries that vanished at once.</param>
    /// <param name="total">Entries there were before.</param>
    public static bool Holds(long vanished, long total) =>
        (vanished >= LargeCount && vanished * 4 >= total) || (vanished >= total && total >= SmallestWhole);
}
