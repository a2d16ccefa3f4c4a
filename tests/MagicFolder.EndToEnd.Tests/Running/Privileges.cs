namespace MagicFolder.EndToEnd.Tests.Running;

/// <summary>Root reads everything; for tests of what cannot be read, the program runs without that right.</summary>
internal static class Privileges
{
    private const string SetPriv = "/usr/bin/setpriv";

    internal static IReadOnlyList<string> Drop { get; } = [SetPriv, "--bounding-set=-dac_override,-dac_read_search", "--"];

    /// <summary>Skips a test for which the right cannot be dropped.</summary>
    internal static void RequireDroppable() =>
        Assert.SkipUnless(!Environment.IsPrivilegedProcess || File.Exists(SetPriv), "Root reads everything, and setpriv is not there to drop that right.");
}
