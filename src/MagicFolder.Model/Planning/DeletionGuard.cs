namespace MagicFolder.Model.Planning;

/// <summary>
/// Many entries vanishing at once are more often an accident (a wrong directory, a failing disk) than a wish: pause and ask.
/// (docs/decisions/0005-deletion-guard.md says why small folders are exempt.)
/// </summary>
public static class DeletionGuard
{
    private const long LargeCount = 50;
    private const long SmallestWhole = 10;

    /// <param name="vanished">Entries that vanished at once.</param>
    /// <param name="total">Entries there were before.</param>
    public static bool Holds(long vanished, long total) =>
        (vanished >= LargeCount && vanished * 4 >= total) || (vanished >= total && total >= SmallestWhole);
}
