namespace MagicFolder.EndToEnd.Tests.Running;

/// <summary>What a run of the program left behind.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Errors)
{
    internal string[] ErrorLines => Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    internal ProgramResult ShouldExit(int exitCode)
    {
        ExitCode.ShouldBe(exitCode, ToString());
        return this;
    }

    /// <summary>Exactly one line of the errors speaks of this, and it is one clear line, not a stack trace.</summary>
    internal ProgramResult ShouldReportOnce(params string[] words)
    {
        ErrorLines.Count(line => Array.TrueForAll(words, word => line.Contains(word, StringComparison.Ordinal))).ShouldBe(1, $"one line with {string.Join(", ", words)} in\n{this}");
        ShouldBeCalm();
        return this;
    }

    /// <summary>No exception reached the user.</summary>
    internal ProgramResult ShouldBeCalm()
    {
        Errors.ShouldNotContain("   at ", customMessage: ToString());
        Errors.ShouldNotContain("Unhandled", customMessage: ToString());
        Errors.ShouldNotContain("Exception", customMessage: ToString());
        return this;
    }

    public override string ToString() => $"exit code {ExitCode}\n--- output\n{Output}--- errors\n{Errors}---";
}
