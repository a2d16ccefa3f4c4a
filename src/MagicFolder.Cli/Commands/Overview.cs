using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MagicFolder.Cli.Commands;

/// <summary>What <c>magic-folder --help</c> shows: all commands by what they are for, a line each. The help of a command is the usual one.</summary>
internal sealed class Overview(IReadOnlyList<CommandGroup> groups, SynchronousCommandLineAction usual) : SynchronousCommandLineAction
{
    internal static void Replace(RootCommand root, IReadOnlyList<CommandGroup> groups)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new Overview(groups, (SynchronousCommandLineAction)help.Action!);
    }

    /// <summary>Help is given whatever else is missing.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        if (parseResult.CommandResult.Command is not RootCommand root) return usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(root.Description);
        int width = groups.SelectMany(group => group.Commands).Max(command => command.Name.Length);
        foreach (var (title, commands) in groups)
        {
            output.WriteLine();
            output.WriteLine($"{title}:");
            foreach (var command in commands) output.WriteLine($"  {command.Name.PadRight(width)}  {FirstSentence(command.Description!)}");
        }
        output.WriteLine();
        output.WriteLine("'magic-folder COMMAND --help' tells more; --version says which this is.");
        output.WriteLine("Two directories of this computer:  magic-folder sync DIR DIR");
        output.WriteLine("Two computers:                     docs/five-minutes.md");
        return 0;
    }

    /// <summary>Up to the first end of a sentence, or what introduces the rest of one.</summary>
    private static string FirstSentence(string description)
    {
        string line = description.Split('\n')[0];
        string sentence = line.Split(". ")[0].Split(": ")[0];
        return sentence.TrimEnd('.');
    }
}
