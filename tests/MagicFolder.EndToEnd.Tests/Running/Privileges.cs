using MagicFolder.Soak.Running;

namespace MagicFolder.EndToEnd.Tests.Running;

/// <summary>Root reads everything; for tests of what cannot be read, the program runs without that right.</summary>
internal static class Privileges
{
    /// <summary>Skips a test for which the right cannot be dropped.</summary>
    internal static void RequireDroppable() =>
        Assert.SkipUnless(!Environment.IsPrivilegedProcess || File.Exists(ProgramProcess.SetPriv), "Root reads everything, and setpriv is not there to drop that right.");
}
